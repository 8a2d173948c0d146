// Fleets that take turns at the deny list.
#include <algorithm>
#include <cstdio>

#include "tests/sim/fleet/api_pods.hpp"
#include "tests/sim/kubernetes_scenes.hpp"

#include <boost/json/parse.hpp>

namespace ebb::sim {
namespace {

constexpr auto list_path = "/api/v3/nodeCollections/blacklist";

struct stop_figures {
  rt::duration until_verified{0};  // of all
  std::size_t writes = 0;
  std::size_t requests = 0;       // to Kubernetes and the list, of each agent up to its own verification
  std::size_t most_requests = 0;  // of one agent
};

// Tells the agents to end, and waits until each has its entry verified.
stop_figures stop_all(world& w, fleet& f, int count, rt::duration limit = 60s) {
  const auto told = w.now();
  const auto writes_before = f.cluster().head().denied().writes();
  std::vector<std::optional<rt::time_point>> verified(static_cast<std::size_t>(count));
  const auto when = [&](int i) -> auto& { return verified[static_cast<std::size_t>(i)]; };
  for (int i = 0; i < count; ++i) f.at(i).signal();
  while (w.now() - told < limit && std::ranges::any_of(verified, [](const auto& v) { return !v; })) {
    w.run_for(20ms);
    for (int i = 0; i < count; ++i) {
      const auto& life = f.at(i).life();
      if (!when(i) && life.causes.has(core::cause::sigterm) && life.verified_since) when(i) = life.verified_since;
    }
  }
  stop_figures figures;
  figures.writes = f.cluster().head().denied().writes() - writes_before;
  for (int i = 0; i < count; ++i) {
    REQUIRE(when(i));
    figures.until_verified = std::max(figures.until_verified, *when(i) - told);
    const auto pod = f.kube().pod_of(i);
    const auto& asked = f.kube().model().access().records();
    const auto of_api = static_cast<std::size_t>(std::ranges::count_if(asked, [&](const api_record& r) {
      return r.agent == pod && r.verb != "watch" && r.at >= told && r.at <= *when(i);
    }));
    const auto asked_for = of_api + f.list_calls(i, told, *when(i));
    figures.requests += asked_for;
    figures.most_requests = std::max(figures.most_requests, asked_for);
  }
  return figures;
}

// A wish Lease that another than its pod's agent has made.
void forge(fleet& f, const core::fleet_member& who, const std::string& node, core::wish w) {
  const auto body = kubernetes::write_lease(core::wish_lease(who, node, w));
  f.kube().model().create(resource::leases, boost::json::parse(body).as_object());
}

std::string cluster_of(fleet& f) {
  const auto& all = f.kube().model().store().list(resource::leases, fleet_namespace);
  return text_at(all.front()->value(), {"metadata", "labels", "ebb.dev/cluster"});
}

lab::fault_rule on_list(lab::fault what, double chance = 1) {
  lab::fault_rule r;
  r.path_prefix = list_path;
  r.what = what;
  r.chance = chance;
  return r;
}

// Every wish of a living agent holds, and of the foreign entries none is missing.
bool list_is_right(fleet& f, const std::vector<std::string>& foreign) {
  std::vector<std::string> others;
  for (const auto& e : f.list())
    if (!e.starts_with("executor-")) others.push_back(e);
  if (others != foreign) return false;
  for (int i = 0; i < f.size(); ++i)
    if (f.denied(i) != f.at(i).life().draining()) return false;
  return true;
}

}  // namespace

TEST_CASE("P3_ a fleet that is told to stop at once writes the list a few times", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(50));
    w.run_for(70s);
    f.write_list({"x"});
    const auto m = stop_all(w, f, 50);
    CHECK(m.until_verified <= 1s);
    CHECK(m.writes <= 2);
    CHECK(m.most_requests <= 12);
    CHECK(f.list().size() == 51);
    CHECK(f.list().front() == "x");
    no_right_was_missing(f);
  });
}

// For tests/bench: some seconds in a release build, and a minute in others.
TEST_CASE("a thousand agents told to stop at once", "[.figures]") {
  play(1, [](world& w) {
    constexpr int agents = 1000;
    fleet f(w, in_kubernetes(agents));
    w.run_for(70s);
    const auto m = stop_all(w, f, agents);
    std::printf("verified %lld ms, writes %zu, requests mean %.1f most %zu\n",
                static_cast<long long>(m.until_verified / 1ms), m.writes, static_cast<double>(m.requests) / agents,
                m.most_requests);
  });
}

TEST_CASE("P3_ agents that begin and withdraw drains at once, with both servers failing, end with every wish fulfilled",
          "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(12));
    const std::vector<std::string> foreign{"x", "someone.else"};
    f.write_list(foreign);
    const auto begun = w.now();
    f.kube().api().faults().add_honest_ones(0.03, begun, begun + 60s);
    for (const auto what : {lab::fault::reset, lab::fault::lost_answer, lab::fault::status, lab::fault::not_json}) {
      auto rule = on_list(what, 0.02);
      rule.until = begun + 60s;
      f.faults().add(rule);
    }
    for (int i = 0; i < f.size(); ++i)
      for (int n = 0; n < 4; ++n)
        w.after(rt::duration(w.fork("drain " + std::to_string(i) + "." + std::to_string(n)).below(60) * 1s),
                [&f, i, n] { (void)f.at(i).ask("POST", n % 2 == 0 ? "/drain?force=true" : "/undrain"); });
    w.run_for(60s);
    f.faults().clear();
    f.kube().api().faults().clear();
    w.run_for(30s);
    CHECK(list_is_right(f, foreign));
    no_right_was_missing(f);
  });
}

TEST_CASE("wishes of another cluster, of pods that are gone and for other nodes are left alone", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(4));
    w.run_for(70s);
    const auto cluster = cluster_of(f);
    const auto create = [&](const std::string& name) {
      return text_at(f.kube().model().create(resource::pods, pod_object({.name = name}))->value(), {"metadata", "uid"});
    };
    forge(f, {"other-0", fleet_namespace, create("other-0"), "other", "another"}, "other-0", core::wish::denied);
    forge(f, {"gone-0", fleet_namespace, "uid", "executor", cluster}, "gone-0", core::wish::denied);
    forge(f, {"liar-0", fleet_namespace, create("liar-0"), "executor", cluster}, "executor-3", core::wish::denied);
    forge(f, {"mate-0", fleet_namespace, create("mate-0"), "executor", cluster}, "mate-0.headless", core::wish::denied);
    (void)stop_all(w, f, 1);
    CHECK(f.list() == std::vector<std::string>{executor_name(0), "mate-0.headless"});
  });
}

TEST_CASE("an API server that is away delays a denial by three seconds, and rights that are missing by none", "[sim]") {
  for (const int way : {0, 1, 2, 3}) {
    scenario([way](world& w) {
      fleet f(w, in_kubernetes(5));
      w.run_for(70s);
      auto& access = f.kube().model().access();
      if (way == 0) w.net().cut("kubernetes", "executor-0");
      if (way == 1) access.deny("create", resource::leases), access.deny("update", resource::leases);
      if (way == 2) access.deny("list", resource::leases);
      if (way == 3) access.deny("list", resource::pods);
      const auto m = stop_all(w, f, 5);
      CHECK(m.until_verified <= (way == 0 ? 4500ms : 2000ms));
      w.run_for(6s);  // who writes alone may be undone, until the next look
      for (int i = 0; i < 5; ++i) CHECK((f.denied(i) || f.at(i).life().ending()));
      if (way > 0 && f.at(0).running())
        CHECK_THAT(asked(w, f.at(0), "GET", "/status").body,
                   ContainsSubstring("\"alone\":\"") && ContainsSubstring("deploy/rbac.yaml"));
    });
  }
}

TEST_CASE("check_fleet: the wishes and the list side by side, stale entries by name", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3));
    w.run_for(70s);
    f.write_list({"executor-77", "x"});
    CHECK(asked(w, f.at(0), "POST", "/drain?force=true").status == 202);
    w.run_for(5s);
    command check(f.at(1), cli::check_command{});
    REQUIRE(ends_within(w, check, 60s));
    CHECK_THAT(check.out(), ContainsSubstring("executor-77: no wish, on the list; stale: no pod of this name lives"));
    CHECK_THAT(check.out(), ContainsSubstring("executor-0: wish denied, on the list"));
    CHECK_THAT(check.out(), ContainsSubstring("x: no wish, on the list: not of this fleet"));
    no_right_was_missing(f);
    f.kube().model().access().deny("list", resource::leases);
    command refused(f.at(1), cli::check_command{});
    REQUIRE(ends_within(w, refused, 60s));
    CHECK_THAT(refused.out(), ContainsSubstring("get, list, create and update of leases, as deploy/rbac.yaml does"));
  });
}

}  // namespace ebb::sim
