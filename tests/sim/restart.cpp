// An agent that dies, hangs or is replaced: the executor lives, and what was going on goes on.
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::phase;
using core::state;

namespace {

fleet_options nodes(int executors) {
  fleet_options o;
  o.executors = executors;
  o.load = steady_load(5);
  return o;
}

}  // namespace

TEST_CASE("agent_killed_in_every_state_resumes") {
  // Killed this long after the start of a life that is: 2 s starting, then serving, told to end at 20 s, drained at 31
  // s.
  for (const auto killed_at : {0ms, 100ms, 1900ms, 2001ms, 2003ms, 2100ms, 10000ms, 20001ms, 20005ms, 20020ms, 20500ms,
                               25000ms, 29990ms, 30500ms, 31010ms, 31500ms, 32100ms, 33000ms})
    scenario([killed_at](world& w) {
      auto o = nodes(3);
      o.wait_until_serving = false;
      fleet f(w, o);
      w.at(w.start() + 20s, [&] { f.at(0).signal(); });
      w.at(w.start() + killed_at, [&] { f.at(0).kill_agent(); });
      REQUIRE(ends_within(w, f.at(0), 200s));
      INFO("killed at " << killed_at.count() << " ms");
      const auto after = f.signalled_after(0, w.start());
      REQUIRE(after);
      CHECK(*after >= 30s);  // told at 20 s, settle of 10 s: its clocks went on
      CHECK(f.pending_when_signalled(0) == 0);
      CHECK(f.lost() == 0);
      CHECK(f.at(0).exit_code() == 0);
      if (killed_at < 33s) CHECK(f.at(0).agents() >= 2);
    });
}

TEST_CASE("an agent killed while admitting goes on admitting") {
  scenario([](world& w) {
    auto o = nodes(2);
    o.wait_until_serving = false;
    fleet f(w, o);
    w.net().cut(coordinator_name, executor_name(0));
    REQUIRE(reaches(w, f.at(0), state::admitting, 10s));
    w.run_for(2s);
    const auto since = f.at(0).life().since;
    f.at(0).kill_agent();
    w.run_for(5s);
    CHECK(f.at(0).agents() == 2);
    CHECK(f.at(0).life().now == state::admitting);
    CHECK(f.at(0).life().since == since);
    w.net().heal();
    REQUIRE(reaches(w, f.at(0), state::serving, 30s));
  });
}

TEST_CASE("agent_killed_while_paused_keeps_entry") {
  scenario([](world& w) {
    fleet f(w, nodes(2));
    w.run_for(70s);
    f.write_list({executor_name(0)});
    REQUIRE(w.run_while_not([&] { return f.at(0).life().now == state::paused; }, 80s));
    f.at(0).kill_agent();
    w.run_for(200s);
    CHECK(f.at(0).agents() == 2);
    CHECK(f.denied(0));
    CHECK(f.at(0).life().now == state::paused);
  });
}

TEST_CASE("agent_killed_in_manual_drain_stays_drained") {
  scenario([](world& w) {
    fleet f(w, nodes(2));
    (void)f.at(0).ask("POST", "/drain?reason=maintenance");
    REQUIRE(w.run_while_not([&] { return f.at(0).life().phase == phase::drained; }, 60s));
    f.at(0).kill_agent();
    w.always(100ms, [&] { REQUIRE(f.denied(0)); });
    w.run_for(100s);
    CHECK(f.at(0).life().now == state::draining);
    CHECK(f.at(0).life().phase == phase::drained);
    CHECK(f.at(0).life().reason == "maintenance");
    CHECK(f.at(0).running());
  });
}

TEST_CASE("an agent that hangs is replaced, and the drain keeps its deadline") {
  scenario([](world& w) {
    auto o = nodes(2);
    o.settings = agent_settings();
    o.settings.drain.grace = 120s;
    fleet f(w, o);
    f.start_fragment(0, 10h);
    const auto told = w.now();
    f.at(0).signal();
    w.run_for(5s);
    f.at(0).silence_agent();
    REQUIRE(ends_within(w, f.at(0), 120s));
    CHECK(f.at(0).agents() == 2);
    const auto after = f.signalled_after(0, told);
    REQUIRE(after);
    CHECK(*after >= 95s);
    CHECK(*after <= 100s);
  });
}
