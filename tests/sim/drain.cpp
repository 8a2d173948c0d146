// Draining one node: when it is released, when the deadline cuts it short, when it is called off.
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::phase;
using core::state;

namespace {

fleet_options one_idle_node() {
  fleet_options o;
  o.executors = 1;
  o.load = no_load();
  return o;
}

fleet_options one_idle_node(rt::duration grace) {
  auto o = one_idle_node();
  o.settings = agent_settings();
  o.settings.drain.grace = std::chrono::duration_cast<config::duration>(grace);
  return o;
}

fleet_options under_load(int executors, double per_second = 6) {
  fleet_options o;
  o.executors = executors;
  o.load = steady_load(per_second);
  return o;
}

}  // namespace

TEST_CASE("an idle node that is told to end leaves the list as it was and ends with 0") {
  scenario([](world& w) {
    fleet f(w, one_idle_node());
    f.write_list({"somebody"});
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 60s));
    CHECK(f.at(0).exit_code() == 0);
    CHECK(f.list() == std::vector<std::string>{"somebody"});
    const auto after = f.signalled_after(0, told);
    REQUIRE(after);
    CHECK(*after >= 10s);  // settle
    CHECK(*after <= 12s);
    // The executor needs 1 s to leave, the removal of the entry a second look a second later.
    CHECK(w.now() - told <= *after + 4s);
  });
}

TEST_CASE("P1_ a busy node is released without losing a query") {
  scenario([](world& w) {
    fleet f(w, under_load(3));
    w.run_for(10s);
    f.at(1).signal();
    REQUIRE(ends_within(w, f.at(1), 300s));
    CHECK(f.pending_when_signalled(1) == 0);
    w.run_for(10s);
    CHECK(f.lost() == 0);
    CHECK(f.cluster().plans().count(lab::outcome::finished) > 50);
    CHECK(f.at(1).exit_code() == 0);
    CHECK(f.list().empty());
  });
}

TEST_CASE("the last fragment's end releases the executor within quiet + 1.2 s") {
  scenario([](world& w) {
    auto o = one_idle_node();
    fleet f(w, o);
    auto& model = f.cluster().at(executor_name(0));
    f.start_fragment(0, 40s + std::chrono::milliseconds(w.seed() * 137 % 1000));
    f.at(0).signal();
    std::optional<rt::time_point> done;
    REQUIRE(w.run_while_not([&] { return model.fragments() == 0; }, 60s));
    done = w.now();
    REQUIRE(ends_within(w, f.at(0), 60s));
    const auto after = f.signalled_after(0, *done);
    REQUIRE(after);
    CHECK(*after >= 3s);
    CHECK(*after <= 4200ms);
  });
}

TEST_CASE("grace_10s_idle_ends_clean") {
  scenario([](world& w) {
    fleet f(w, one_idle_node(10s));
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 10s));
    CHECK(f.at(0).exit_code() == 0);
    CHECK(*f.signalled_after(0, told) <= 3s);
    CHECK(f.list().empty());
  });
}

TEST_CASE("P2_ a node that never gets idle is gone before its deadline") {
  for (const auto grace : {10s, 30s, 120s})
    scenario([grace](world& w) {
      fleet f(w, one_idle_node(grace));
      f.start_fragment(0, 10h);
      const auto told = w.now();
      f.at(0).signal();
      REQUIRE(ends_within(w, f.at(0), grace));
      const auto after = f.signalled_after(0, told);
      REQUIRE(after);
      const auto reserve = core::derive_reserve(grace);
      CHECK(*after >= grace - reserve - 2100ms);  // not sooner than it has to be
      CHECK(*after <= grace - reserve - 1900ms);
      CHECK(*f.at(0).ended_at() - told < grace);
    });
}

TEST_CASE("P2_ a deadline only shrinks, whatever a new agent reads in its configuration") {
  for (const auto later : {90s, 15s})
    scenario([later](world& w) {
      fleet f(w, one_idle_node(30s));
      f.start_fragment(0, 10h);
      const auto told = w.now();
      f.at(0).signal();
      w.run_for(2s);
      f.at(0).settings.drain.grace = later;
      f.at(0).kill_agent();
      REQUIRE(ends_within(w, f.at(0), 30s));
      const auto grace = std::min<rt::duration>(later, 30s);
      CHECK(*f.signalled_after(0, told) <= grace - core::derive_reserve(grace) - 1900ms);
      CHECK(*f.at(0).ended_at() - told < grace);
    });
}

TEST_CASE("P2_ an executor that was released may take what is left of the grace to stop") {
  scenario([](world& w) {
    auto o = one_idle_node(60s);
    o.executor.leaving = 30s;  // far more than the reserve
    fleet f(w, o);
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 60s));
    CHECK(f.at(0).exit_code() == 0);
    CHECK(f.list().empty());
  });
}

TEST_CASE("P2_ a hook that waits leaves the executor its reserve, since the kubelet takes its time off the grace") {
  scenario([](world& w) {
    fleet f(w, one_idle_node(30s));
    f.start_fragment(0, 10h);
    const auto began = w.now();
    auto hook = f.at(0).ask("POST", "/drain?wait=true&cause=hook&force=true");
    REQUIRE(w.run_while_not([&] { return hook->done; }, 30s));
    CHECK(w.now() - began >= 22900ms);  // 30 s less the reserve and the kubelet's whole seconds
    CHECK(w.now() - began <= 23100ms);
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 10s));
    CHECK(*f.signalled_after(0, began) <= 23200ms);
    CHECK(*f.at(0).ended_at() - began < 30s);
  });
}

TEST_CASE("P5_ a hook's clock goes on in a new agent, and for one that was ended from outside") {
  for (const bool ended_from_outside : {false, true})
    scenario([ended_from_outside](world& w) {
      fleet f(w, one_idle_node(30s));
      f.start_fragment(0, 10h);
      const auto began = w.now();
      auto hook = f.at(0).ask("POST", "/drain?wait=true&cause=hook&force=true");
      w.run_for(9s);
      f.at(0).kill_agent();
      w.run_for(2s);
      auto again = f.at(0).ask("POST", "/drain?wait=true&cause=hook&force=true");
      if (ended_from_outside)
        w.run_for(3s);
      else
        REQUIRE(w.run_while_not([&] { return again->done; }, 30s));
      f.at(0).signal();
      REQUIRE(ends_within(w, f.at(0), 30s));
      CHECK(*f.signalled_after(0, began) >= 22900ms);
      CHECK(*f.signalled_after(0, began) <= 23200ms);
      CHECK(*f.at(0).ended_at() - began < 30s);
    });
}

TEST_CASE("P2_ a grace that is made smaller than what has passed leaves the executor its reserve") {
  scenario([](world& w) {
    fleet f(w, one_idle_node(60s));
    f.start_fragment(0, 10h);
    const auto told = w.now();
    f.at(0).signal();
    w.run_for(20s);
    f.at(0).settings.drain.grace = 10s;
    f.at(0).kill_agent();
    REQUIRE(ends_within(w, f.at(0), 30s));
    CHECK(*f.signalled_after(0, told) <= 22s);
    CHECK(f.at(0).exit_code() == 0);
  });
}

TEST_CASE("a hook by hand, long ago, takes nothing off the grace") {
  scenario([](world& w) {
    fleet f(w, one_idle_node(30s));
    f.start_fragment(0, 10h);
    auto hook = f.at(0).ask("POST", "/drain?wait=true&cause=hook&force=true");
    REQUIRE(w.run_while_not([&] { return hook->done; }, 30s));
    w.run_for(15s);
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 30s));
    CHECK(*f.signalled_after(0, told) >= 22s);
  });
}

TEST_CASE("sigterm_in_drained_stops_at_once") {
  scenario([](world& w) {
    auto o = one_idle_node();
    o.executors = 2;
    fleet f(w, o);
    auto asked = f.at(0).ask("POST", "/drain?wait=true&cause=hook");
    REQUIRE(w.run_while_not([&] { return asked->done; }, 30s));
    CHECK(asked->status == 200);
    w.run_for(1ms);
    CHECK(f.at(0).life().phase == phase::drained);
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 10s));
    CHECK(*f.signalled_after(0, told) <= 100ms);
    CHECK(f.at(0).exit_code() == 0);
  });
}

TEST_CASE("withdrawable_drain_has_no_deadline") {
  scenario([](world& w) {
    fleet f(w, under_load(2));
    auto asked = f.at(0).ask("POST", "/drain?reason=maintenance");
    REQUIRE(w.run_while_not([&] { return asked->done; }, 30s));
    CHECK(asked->status == 202);
    w.run_for(700s);  // longer than the grace
    CHECK(f.at(0).life().now == state::draining);
    CHECK(f.at(0).life().phase == phase::drained);
    CHECK(f.at(0).running());
    CHECK(f.denied(0));
    CHECK_FALSE(f.signalled_after(0, w.start()));
    auto back = f.at(0).ask("POST", "/undrain");
    REQUIRE(reaches(w, f.at(0), state::serving, 30s));
    CHECK(back->status == 202);
    CHECK_FALSE(f.denied(0));
    CHECK(f.lost() == 0);
  });
}

TEST_CASE("an irrevocable drain cannot be withdrawn, and says so") {
  scenario([](world& w) {
    fleet f(w, under_load(2));
    f.at(0).signal();
    w.run_for(1s);
    auto asked = f.at(0).ask("POST", "/undrain");
    REQUIRE(w.run_while_not([&] { return asked->done; }, 5s));
    CHECK(asked->status == 409);
    CHECK_THAT(asked->body, ContainsSubstring("told to end"));
    CHECK(f.at(0).life().now == state::draining);
  });
}

TEST_CASE("SIGTERM before the executor is live ends it at once") {
  scenario([](world& w) {
    auto o = one_idle_node();
    o.executor.startup = 60s;
    o.wait_until_serving = false;
    fleet f(w, o);
    w.run_for(5s);
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 5s));
    CHECK(*f.signalled_after(0, told) <= 1s);
  });
}

TEST_CASE("a second SIGTERM means hurry outside Kubernetes and nothing inside") {
  scenario([](world& w) {
    for (const bool inside : {false, true}) {
      world v(w.seed());
      auto o = one_idle_node();
      o.settings = agent_settings();
      o.settings.pod.in_kubernetes = inside;
      o.settings.drain.poll = 20s;  // hurry is no matter of the next poll
      fleet f(v, o);
      f.start_fragment(0, 100s);
      const auto told = v.now();
      f.at(0).signal();
      v.run_for(500ms);
      f.at(0).signal();  // a burst of the same
      v.run_for(20s);
      CHECK_FALSE(f.signalled_after(0, told));
      f.at(0).signal();
      v.run_for(100ms);
      CHECK(f.signalled_after(0, told).has_value() == !inside);
    }
  });
}

TEST_CASE("POST /stop stops in the ordinary way, with work left") {
  scenario([](world& w) {
    fleet f(w, one_idle_node());
    f.start_fragment(0, 100s);
    auto asked = f.at(0).ask("POST", "/stop");
    REQUIRE(ends_within(w, f.at(0), 30s));
    CHECK(asked->status == 202);
    CHECK(f.at(0).exit_code() == 0);
  });
}

TEST_CASE("last_node_of_engine_409") {
  scenario([](world& w) {
    fleet f(w, under_load(2));
    f.write_list({executor_name(1)});
    w.run_for(1s);
    auto refused = f.at(0).ask("POST", "/drain?wait=true");
    REQUIRE(w.run_while_not([&] { return refused->done; }, 40s));
    CHECK(refused->status == 409);
    CHECK_THAT(refused->body, ContainsSubstring("last node"));
    CHECK(f.at(0).life().now == state::serving);
    auto forced = f.at(0).ask("POST", "/drain?force=true");
    REQUIRE(reaches(w, f.at(0), phase::drained, 60s));
    CHECK(forced->status == 202);
    f.at(0).signal();  // an irrevocable drain asks nobody
    REQUIRE(ends_within(w, f.at(0), 60s));
  });
}

TEST_CASE("the executor's own end is told and ends the container with its code") {
  scenario([](world& w) {
    fleet f(w, one_idle_node());
    f.cluster().kill(executor_name(0), w.now());
    f.pump();
    REQUIRE(ends_within(w, f.at(0), 15s));
    CHECK(f.at(0).exit_code() == 137);
  });
}

TEST_CASE("lesson_02_a_container_that_is_started_again_in_a_living_pod_ends_up_allowed") {
  scenario([](world& w) {
    fleet f(w, under_load(2));
    f.at(0).signal();
    w.run_for(5s);
    f.cluster().kill(executor_name(0), w.now());  // out of memory while it drains: the entry stays
    f.pump();
    REQUIRE(ends_within(w, f.at(0), 30s));
    w.run_for(1s);
    CHECK(f.denied(0));
    f.at(0).start();
    REQUIRE(reaches(w, f.at(0), state::serving, 30s));
    CHECK_FALSE(f.denied(0));
  });
}
