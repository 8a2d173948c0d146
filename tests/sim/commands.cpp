// `ebb drain` that does without an agent: it signs on to the coordinator itself, looks at the executor itself, and is
// held to the agent's rules.
#include "tests/sim/command_scenes.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;

namespace {

std::size_t calls(fleet& f, const std::string& method_and_path) {
  std::size_t n = 0;
  for (const auto& [call, count] : f.cluster().head().counts())
    if (call.starts_with(method_and_path + " ")) n += count;
  return n;
}

std::optional<rt::time_point> first_denied(fleet& f) {
  for (const auto& c : f.cluster().head().denied().history())
    if (c.added && c.entry == executor_name(0)) return c.at;
  return std::nullopt;
}

}  // namespace

TEST_CASE("without an agent: drain --wait denies an idle node first and is done after settle") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.write_list({"somebody"});
    command drain(f.at(0), waited());
    REQUIRE(ends_within(w, drain, 30s));
    CHECK(drain.code() == 0);
    CHECK_THAT(drain.out(), ContainsSubstring("drained: no fragment is left, and the node is on the deny list"));
    CHECK(f.list() == strings{"somebody", executor_name(0)});
    const auto denied = first_denied(f);
    REQUIRE(denied);
    CHECK(*denied - drain.began() <= 1s);
    CHECK(drain.began() + drain.took() - *denied >= 10s);  // settle
    CHECK(drain.took() <= 12s);
    CHECK_FALSE(f.signalled_after(0, w.start()));
    CHECK(calls(f, std::string("POST ") + login_path) == 1);
    CHECK(calls(f, std::string("DELETE ") + login_path) == 1);  // the session is not left behind
  });
}

TEST_CASE("without an agent: a drain that is waited for lets the node be stopped without losing a query") {
  scenario([](world& w) {
    fleet f(w, bare(3, steady_load(6)));
    w.run_for(10s);
    command drain(f.at(1), waited());
    REQUIRE(ends_within(w, drain, 300s));
    CHECK(drain.code() == 0);
    CHECK(drain.took() >= 10s);
    f.at(1).signal();  // what the person does next
    CHECK(f.pending_when_signalled(1) == 0);
    w.run_for(10s);
    CHECK(f.lost() == 0);
  });
}

TEST_CASE("without an agent: the last fragment's end ends the wait within quiet + 1.2 s") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.start_fragment(0, 40s + std::chrono::milliseconds(w.seed() * 137 % 1000));
    command drain(f.at(0), waited());
    REQUIRE(w.run_while_not([&] { return f.cluster().at(executor_name(0)).fragments() == 0; }, 60s));
    CHECK_FALSE(drain.ended());
    CHECK_THAT(drain.err(), ContainsSubstring("waiting for fragments: 1 running"));
    const auto idle = w.now();
    REQUIRE(ends_within(w, drain, 10s));
    CHECK(drain.code() == 0);
    CHECK(w.now() - idle >= 3s);
    CHECK(w.now() - idle <= 4200ms);
  });
}

TEST_CASE("without an agent: a lost entry is put back and settle begins anew") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    command drain(f.at(0), waited());
    w.run_for(7s);
    REQUIRE(f.denied(0));
    f.write_list({"somebody"});  // another writer's snapshot
    REQUIRE(w.run_while_not([&] { return f.denied(0); }, 6s));
    const auto repaired = w.now();
    REQUIRE(ends_within(w, drain, 60s));
    CHECK(drain.code() == 0);
    CHECK(w.now() - repaired >= 10s);
    CHECK(f.list() == strings{"somebody", executor_name(0)});
  });
}

TEST_CASE("without an agent: an entry that somebody takes off three times is given up, and said so") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.start_fragment(0, 10h);
    command drain(f.at(0), waited());
    for (int i = 0; i < 3; ++i) {
      REQUIRE(w.run_while_not([&] { return f.denied(0); }, 10s));
      w.run_for(2s);
      REQUIRE_FALSE(drain.ended());
      f.write_list({"somebody"});
    }
    REQUIRE(ends_within(w, drain, 10s));
    CHECK(drain.code() == 1);
    CHECK_THAT(drain.err(),
               ContainsSubstring("takes " + executor_name(0) + " off the deny list again and again (3 times)"));
  });
}

TEST_CASE("without an agent: --deadline ends the wait and nothing else") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.start_fragment(0, 10h);
    command drain(f.at(0), waited(20s));
    REQUIRE(ends_within(w, drain, 30s));
    CHECK(drain.code() == 3);
    CHECK_THAT(drain.err(), ContainsSubstring("time is up with work left: fragments: 1 running"));
    CHECK(drain.took() >= 20s);
    CHECK(drain.took() <= 20200ms);
    CHECK(f.denied(0));
    CHECK(f.cluster().at(executor_name(0)).fragments() == 1);
  });
}

TEST_CASE("without an agent: --deadline holds against a coordinator that never answers") {
  scenario([](world& w) {
    for (const auto* path : {login_path, "/apiv2/system/nodes", list_path}) {
      world v(w.seed());
      fleet f(v, bare(2));
      f.faults().add(on_coordinator(path, lab::fault::silence));
      command drain(f.at(0), waited(10s));
      INFO(path);
      REQUIRE(ends_within(v, drain, 13s));  // 2 s for the end of the session, which is not answered either
      CHECK(drain.code() == 3);
    }
  });
}

TEST_CASE("without an agent: the last node of its engine is refused unless forced, waited for or not") {
  scenario([](world& w) {
    for (const bool wait : {false, true}) {
      world v(w.seed());
      fleet f(v, bare(2));
      f.write_list({executor_name(1)});
      cli::drain_command asked;
      asked.wait = wait;
      command refused(f.at(0), asked);
      REQUIRE(ends_within(v, refused, 20s));
      CHECK(refused.code() == 1);
      CHECK_THAT(refused.err(), ContainsSubstring("last node of its engine"));
      CHECK(f.list() == strings{executor_name(1)});
      CHECK(f.cluster().head().denied().writes() == 1);  // the scenario's own
      command insisted(f.at(0), forced(asked));
      REQUIRE(ends_within(v, insisted, 20s));
      CHECK(insisted.code() == 0);
      CHECK(f.list() == strings{executor_name(1), executor_name(0)});
    }
  });
}

TEST_CASE("without an agent: why it is not known whether a node is the last of its engine is told") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.at(0).settings.dremio.node_name = "nobody-0";
    command drain(f.at(0), cli::drain_command{});
    REQUIRE(ends_within(w, drain, 20s));
    CHECK_THAT(drain.err(), ContainsSubstring("event=drain.last_node "));
    CHECK_THAT(drain.err(), ContainsSubstring("error=\"Dremio does not list nobody-0 among its executors\""));
  });
}

TEST_CASE("without an agent: a drain that is not waited for makes the entry, verified, and says what it does not do") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.write_list({"somebody"});
    f.start_fragment(0, 10h);
    command drain(f.at(0), cli::drain_command{});
    REQUIRE(ends_within(w, drain, 2s));
    CHECK(drain.code() == 0);
    CHECK(f.list() == strings{"somebody", executor_name(0)});
    CHECK_THAT(drain.out(), ContainsSubstring("Nothing watches the entry"));
  });
}

TEST_CASE("without an agent: an entry that cannot be made is a failure within a minute, with the reason") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.faults().add(on_coordinator("", lab::fault::down));
    command drain(f.at(0), forced({}));
    REQUIRE(ends_within(w, drain, 70s));
    CHECK(drain.code() == 1);
    CHECK(drain.took() >= 59s);  // not given up sooner
    CHECK_THAT(drain.err(), ContainsSubstring("the entry could not be made: "));
  });
}

TEST_CASE("without an agent: an edition without the list is drained by the metric alone, which is said") {
  scenario([](world& w) {
    auto o = bare(2);
    o.coordinator.has_list = false;
    fleet f(w, o);
    f.start_fragment(0, 20s);
    command drain(f.at(0), waited());
    REQUIRE(ends_within(w, drain, 40s));
    CHECK(drain.code() == 0);
    CHECK(drain.took() >= 23s);
    CHECK_THAT(drain.out(), ContainsSubstring("the deny list could not be had"));
    command back(f.at(0), hook(cli::hook_action::remove));
    REQUIRE(ends_within(w, back, 5s));
    CHECK(back.code() == 0);
  });
}

TEST_CASE("without an agent: an executor whose load is unknown is never drained") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.cluster().kill(executor_name(0), w.now());
    f.pump();
    command drain(f.at(0), forced(waited(60s)));
    REQUIRE(ends_within(w, drain, 70s));
    CHECK(drain.code() == 3);
    CHECK_THAT(drain.err(), ContainsSubstring("fragments: unknown"));
    CHECK(drain.took() >= 60s);
  });
}

TEST_CASE("without an agent: an interrupted drain leaves the entry, writes no more, and says how to undo it") {
  scenario([](world& w) {
    for (const auto after : {0ms, 3ms, 30ms, 5'000ms, 15'000ms}) {
      world v(w.seed());
      fleet f(v, bare(2));
      f.write_list({"somebody"});
      f.start_fragment(0, 60s);
      command drain(f.at(0), waited());
      v.run_for(after);
      drain.interrupt();
      REQUIRE(drain.ended());
      CHECK(drain.code() == 130);
      CHECK_THAT(drain.err(), ContainsSubstring("`ebb undrain`"));
      v.run_for(5s);
      const auto writes = f.cluster().head().denied().writes();
      const auto left = f.list();
      if (after >= 5s) CHECK(left == strings{"somebody", executor_name(0)});
      CHECK(left.front() == "somebody");
      f.write_list({"somebody"});
      v.run_for(60s);
      CHECK(f.list() == strings{"somebody"});  // nobody watches
      CHECK(f.cluster().head().denied().writes() == writes + 1);
    }
  });
}
