// API servers that lie, hang, shout and have another century: a degraded mode with a name, never an early release,
// never another pod's entry touched.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "tests/sim/kubernetes_scenes.hpp"

namespace ebb::sim {
namespace {

using core::cause;
using core::state;

std::string status_of(world& w, fleet& f, int i) { return asked(w, f.at(i), "GET", "/status", 9011).body; }

// Every answer to an agent is spoilt in that way from now on, and the watches that it has are gone.
void spoil(world& w, fleet& f, api_fault how) {
  f.kube().api().faults().add(on_api(how));
  for (int i = 0; i < f.size(); ++i) w.net().reset(f.at(i).name(), api_server::host_name);
}

// A pod is deleted under such a server: it drains on what it knows, and loses nothing.
void drains_all_the_same(world& w, fleet& f, int i) {
  const auto deleted = w.now();
  f.kube().delete_pod(i);
  w.run_for(5s);
  CHECK(f.denied(i));
  REQUIRE(ends_within(w, f.at(i), 300s));
  ended_well(f, i);
  CHECK(*f.signalled_after(i, deleted) >= 3s);
  CHECK(f.pending_when_signalled(i) == 0);
}

TEST_CASE("P4_ bad API servers: whatever is answered, nodes serve, drain in order, and say what is wrong", "[sim]") {
  struct kind {
    api_fault fault;
    const char* said;
  };
  for (const auto& bad : {kind{api_fault::rubbish, "expected"}, kind{api_fault::huge, "expected at most 4194304"},
                          kind{api_fault::cut, "JSON"}, kind{api_fault::not_json, "JSON"},
                          kind{api_fault::internal, "HTTP 500"}, kind{api_fault::too_many_text, "HTTP 429"}})
    scenario([&](world& w) {
      auto o = in_kubernetes(4, steady_load(5), 300s);
      o.settings.drain.grace = 300s;
      fleet f(w, o);
      f.write_list({"a-person's"});
      const auto from = w.now();
      spoil(w, f, bad.fault);
      w.run_for(600s);
      CAPTURE(static_cast<int>(bad.fault));
      CHECK(f.all(state::serving));
      const auto status = status_of(w, f, 1);
      CAPTURE(status);
      CHECK(status.find(bad.said) != std::string::npos);
      for (int i = 0; i < 4; ++i) CHECK(f.kube().requests_of(executor_name(i), from) < 150);
      drains_all_the_same(w, f, 1);
      CHECK(f.list() == std::vector<std::string>{"a-person's"});
    });
}

TEST_CASE("P4_ bad API servers: watches that hang in a frame, and answers that never come, delay nothing", "[sim]") {
  for (const auto fault : {api_fault::stalls, api_fault::silence, api_fault::line_noise})
    scenario([fault](world& w) {
      auto o = in_kubernetes(4, steady_load(5), 300s);
      fleet f(w, o);
      spoil(w, f, fault);
      w.run_for(60s);
      CHECK(f.all(state::serving));
      drains_all_the_same(w, f, 1);
    });
}

// Of a grace of 10 s less than three are usable, and what waits for the API is taken from them.
TEST_CASE("P1_ bad API servers: an idle node with a grace of 10 s is denied and ends in order", "[sim]") {
  for (const auto fault : {api_fault::silence, api_fault::too_many_text, api_fault::conflict})
    scenario([fault](world& w) {
      fleet f(w, in_kubernetes(4, no_load(), 10s));
      spoil(w, f, fault);
      w.run_for(5s);
      f.at(1).settings.drain.grace = 10s;
      const auto told = w.now();
      f.kube().delete_pod(1);
      REQUIRE(w.run_while_not([&] { return f.denied(1); }, 1500ms));
      REQUIRE(ends_within(w, f.at(1), 10s));
      CAPTURE(static_cast<int>(fault), (w.now() - told) / 1ms);
      ended_well(f, 1);
      CHECK(w.log().contains("event=drain.end outcome=idle"));
    });
}

TEST_CASE("P1_ bad API servers: a clock ten years off moves no deadline, when it is so and when it becomes so",
          "[sim]") {
  constexpr rt::duration ten_years = std::chrono::hours(24 * 3652);
  for (const auto years : {-ten_years, ten_years})
    for (const bool from_the_beginning : {true, false})
      scenario([=](world& w) {
        auto o = in_kubernetes(2, no_load(), 120s);
        if (from_the_beginning) o.kubernetes->skew = years;
        fleet f(w, o);
        if (!from_the_beginning) f.kube().skew(years);
        f.start_fragment(1, 1h);
        f.kube().delete_pod(1);
        const auto deleted = w.now();
        REQUIRE(ends_within(w, f.at(1), 130s));
        CHECK(*f.signalled_after(1, deleted) > 90s);
        CHECK(*f.at(1).ended_at() - deleted < 120s);
        CHECK_FALSE(f.kube().killed(1));
      });
}

TEST_CASE("P1_ bad API servers: a deletionTimestamp that cannot be releases nothing early", "[sim]") {
  for (const auto* lie : {"1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "soon", ""})
    scenario([lie](world& w) {
      fleet f(w, in_kubernetes(2, no_load(), 300s));
      f.start_fragment(1, 1h);
      const auto told = w.now();
      f.kube().model().change(resource::pods, "dremio", "executor-1", [&](api_object& o) {
        object_at(o, "metadata")["deletionTimestamp"] = lie;
        object_at(o, "metadata")["deletionGracePeriodSeconds"] = 300;
      });
      w.run_for(240s);
      CAPTURE(lie);
      CHECK_FALSE(f.signalled_after(1, told));
      CHECK(f.at(1).running());
      CHECK(f.at(0).life().now == state::serving);
    });
}

// What the agents have told is told again, for pods or nodes that are not theirs.
void forge_wishes(fleet& f, int count, const std::function<std::string(int)>& node) {
  auto& model = f.kube().model();
  api_state one;
  for (const auto& e : model.store().list(resource::leases, "dremio"))
    if (e->name() == "ebb-executor-0") one = e;
  REQUIRE(one);
  for (int i = 0; i < count; ++i) {
    auto o = one->value();
    auto& metadata = object_at(o, "metadata");
    metadata["name"] = "ebb-forged-" + std::to_string(i);
    object_at(metadata, "annotations") = {{"ebb.dev/node", node(i)},
                                          {"ebb.dev/wish", i % 2 == 0 ? "denied" : "allowed"}};
    const auto uid = text_at(
        model
            .create(resource::pods,
                    api_object{{"metadata", {{"name", "forged-" + std::to_string(i)}, {"namespace", "dremio"}}}})
            ->value(),
        {"metadata", "uid"});
    metadata["ownerReferences"] = boost::json::array{
        api_object{{"apiVersion", "v1"}, {"kind", "Pod"}, {"name", "forged-" + std::to_string(i)}, {"uid", uid}}};
    model.create(resource::leases, std::move(o));
  }
}

TEST_CASE("P3_ bad API servers: wishes that name foreign nodes touch nobody's entry", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(6));
    w.run_for(90s);
    f.write_list({"executor-4", "a-person's"});  // a person's wish for a node of ours
    w.run_for(120s);
    // One wish for each, so that it is not the rule for two of one node that sets them aside.
    const std::vector<std::string> named = {executor_name(3), "a-person's", executor_name(5), executor_name(4)};
    forge_wishes(f, 4, [&](int i) { return named[static_cast<std::size_t>(i)]; });
    for (int i = 0; i < 3; ++i) f.kube().delete_pod(i);
    w.run_for(8s);
    CHECK(f.list().size() == 5);
    for (const int i : {0, 1, 2, 4}) CHECK(f.denied(i));
    w.run_for(60s);
    CHECK(f.list() == std::vector<std::string>{"executor-4", "a-person's"});
    CHECK(f.at(3).life().now == state::serving);
    CHECK(f.at(4).life().now == state::paused);
  });
}

TEST_CASE("P4_ bad API servers: more than ten thousand wishes are not read, and each writes for itself", "[sim]") {
  play(1, [](world& w) {
    fleet f(w, in_kubernetes(6));
    w.run_for(5s);
    forge_wishes(f, 10'050, [](int i) { return "forged-" + std::to_string(i); });
    for (int i = 0; i < 3; ++i) f.start_fragment(i, 30s);
    for (int i = 0; i < 3; ++i) f.kube().delete_pod(i);
    w.run_for(10s);
    for (int i = 0; i < 3; ++i) CHECK(f.denied(i));
    CHECK(f.list().size() == 3);
    CHECK(w.log().contains("wishes: there are more than 10000"));
    for (int i = 0; i < 3; ++i) {
      REQUIRE(ends_within(w, f.at(i), 120s));
      ended_well(f, i);
    }
    CHECK(f.list().empty());
  });
}

}  // namespace
}  // namespace ebb::sim
