// Mistakes that others paid for, as far as one pod on virtual time can show them; the rest are with init, the codecs
// and the real processes.
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::phase;
using core::state;

namespace {

fleet_options nodes(int executors, double per_second = 0) {
  fleet_options o;
  o.executors = executors;
  o.load = per_second > 0 ? steady_load(per_second) : no_load();
  return o;
}

}  // namespace

TEST_CASE("lesson_01_liveness_depends_on_our_own_loop_alone") {
  scenario([](world& w) {
    fleet f(w, nodes(2));
    f.coordinator().crash();
    f.at(0).signal();
    w.run_for(10s);
    CHECK(asked(w, f.at(0), "GET", "/livez", 9011).status == 200);
    CHECK(asked(w, f.at(0), "GET", "/readyz", 9011).status == 500);
    // A node that serves stays ready without its coordinator, and an agent that was restarted does not drain it.
    f.at(1).kill_agent();
    w.run_for(30s);
    CHECK(asked(w, f.at(1), "GET", "/livez", 9011).status == 200);
    CHECK(asked(w, f.at(1), "GET", "/readyz", 9011).status == 200);
    CHECK(f.at(1).life().now == state::serving);
  });
}

TEST_CASE("lesson_03_zero_now_is_not_idle") {
  scenario([](world& w) {
    auto o = nodes(4, 0.7);
    o.load.lasts = {3s, 8s};
    o.coordinator.list.propagation = 8s;
    fleet f(w, o);
    REQUIRE(w.run_while_not([&] { return f.cluster().at(executor_name(0)).fragments() == 0; }, 60s));
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 200s));
    CHECK(*f.signalled_after(0, told) >= 10s);
    w.run_for(10s);
    CHECK(f.lost() == 0);
  });
}

TEST_CASE("lesson_05_a_failed_read_is_not_zero") {
  for (const auto d : {lab::distortion::gauge_absent, lab::distortion::not_a_number,
                       lab::distortion::cut_after_a_family, lab::distortion::empty})
    scenario([d](world& w) {
      fleet f(w, nodes(1));
      f.cluster().at(executor_name(0)).distort(d);
      f.at(0).signal();
      w.run_for(120s);
      CHECK_FALSE(f.signalled_after(0, w.start()));
      CHECK(f.at(0).life().phase == phase::quiescing);
      f.cluster().at(executor_name(0)).distort(lab::distortion::none);
      REQUIRE(ends_within(w, f.at(0), 20s));
    });
}

TEST_CASE("lesson_06_a_failed_read_is_not_busy_for_ever") {
  scenario([](world& w) {
    auto o = nodes(1);
    o.settings = agent_settings();
    o.settings.drain.grace = 60s;
    fleet f(w, o);
    f.cluster().at(executor_name(0)).distort(lab::distortion::gauge_absent);
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 60s));
    CHECK(*f.signalled_after(0, told) <= 48100ms);
    CHECK(*f.signalled_after(0, told) >= 47s);
  });
}

TEST_CASE("lesson_09_a_dead_metric_is_noticed_while_serving_and_a_held_query_prevents_the_release") {
  scenario([](world& w) {
    auto o = nodes(2);
    fleet f(w, o);
    f.cluster().at(executor_name(0)).distort(lab::distortion::gauge_absent);
    w.run_for(40s);
    CHECK(w.log().contains("event=executor.metric missing=true"));
    f.start_fragment(1, 10h);
    f.at(1).signal();
    w.run_for(400s);
    CHECK_FALSE(f.signalled_after(1, w.start()));
  });
}

TEST_CASE("lesson_11_one_knob_and_all_else_is_derived_and_told") {
  scenario([](world& w) {
    auto o = nodes(1);
    o.settings = agent_settings();
    o.settings.drain.grace = 120s;
    fleet f(w, o);
    f.at(0).signal();
    w.run_for(1s);
    CHECK(w.log().contains("event=drain.plan stop_at=\"t+98 s\" kill_at=\"t+117 s\""));
    CHECK(w.log().contains("grace=\"120 s\" grace_source=configured reserve=\"20 s\" settle=\"10 s\" quiet=\"3.0 s\""));
  });
}

TEST_CASE("lesson_12_a_deadline_never_grows") {
  scenario([](world& w) {
    auto o = nodes(1);
    o.settings = agent_settings();
    o.settings.drain.grace = 60s;
    o.settings.pod.in_kubernetes = true;
    fleet f(w, o);
    f.start_fragment(0, 10h);
    const auto told = w.now();
    f.at(0).signal();
    w.run_for(20s);
    f.at(0).signal();      // a runtime's repetition
    f.at(0).kill_agent();  // and a new agent
    REQUIRE(ends_within(w, f.at(0), 40s));
    CHECK(*f.signalled_after(0, told) <= 48100ms);
  });
}

TEST_CASE("lesson_14_the_effective_deadline_is_shown") {
  scenario([](world& w) {
    fleet f(w, nodes(1));
    f.start_fragment(0, 60s);
    f.at(0).signal();
    w.run_for(2s);
    const auto status = asked(w, f.at(0), "GET", "/status", 9011).body;
    CHECK_THAT(status, ContainsSubstring("\"deadline_source\":\"configured\""));
    CHECK_THAT(status, ContainsSubstring("\"waiting_for\":\"fragments: 1 running\""));
    CHECK_THAT(asked(w, f.at(0), "GET", "/metrics", 9011).body,
               ContainsSubstring("\nebb_drain_deadline_timestamp_seconds "));
  });
}

TEST_CASE("lesson_15_a_hook_is_a_trigger_only") {
  scenario([](world& w) {
    fleet f(w, nodes(2, 4));
    (void)f.at(0).ask("POST", "/drain?wait=true&cause=hook");
    w.run_for(2s);
    // The hook's process is killed; what it has begun goes on, and the signal alone is enough to end it well.
    f.at(0).client().crash();
    w.run_for(1s);
    CHECK(f.at(0).life().causes.has(core::cause::hook));
    f.at(0).signal();
    REQUIRE(ends_within(w, f.at(0), 200s));
    CHECK(f.pending_when_signalled(0) == 0);
    CHECK(f.at(0).exit_code() == 0);
  });
}

TEST_CASE("lesson_16_a_blocking_hook_is_held_until_the_executor_has_gone") {
  scenario([](world& w) {
    fleet f(w, nodes(2));
    CHECK(asked(w, f.at(0), "GET", "/drain/wait", 9011).status == 200);  // starts nothing
    CHECK(f.at(0).life().now == state::serving);
    f.start_fragment(0, 300s);
    f.at(0).signal();
    w.run_for(1s);
    const auto held = f.at(0).ask("GET", "/drain/wait", 9011);
    w.run_for(290s);
    CHECK_FALSE(held->done);
    REQUIRE(w.run_while_not([&] { return held->done; }, 40s));
    CHECK(held->status == 200);
    CHECK(held->body.size() >= 19);  // a blank each 15 s
    CHECK(held->body.size() <= 22);
  });
}

TEST_CASE("lesson_17_what_a_hook_did_can_be_read_in_the_agents_log") {
  scenario([](world& w) {
    fleet f(w, nodes(2));
    CHECK(asked(w, f.at(0), "POST", "/drain?cause=hook&reason=preStop").status == 202);
    CHECK(w.log().contains("event=cause joined=hook causes=hook reason=preStop"));
  });
}

TEST_CASE("lesson_21_a_drain_can_be_cancelled_while_fragments_run") {
  scenario([](world& w) {
    fleet f(w, nodes(2));
    f.start_fragment(0, 100s);
    CHECK(asked(w, f.at(0), "POST", "/drain").status == 202);
    w.run_for(20s);
    CHECK(f.denied(0));
    CHECK(asked(w, f.at(0), "POST", "/undrain").status == 202);
    REQUIRE(reaches(w, f.at(0), state::serving, 10s));
    CHECK_FALSE(f.denied(0));
    CHECK_FALSE(f.signalled_after(0, w.start()));
  });
}

TEST_CASE("lesson_22_the_end_is_the_end_of_the_process") {
  scenario([](world& w) {
    auto o = nodes(1);
    o.executor.leaving = 20s;
    fleet f(w, o);
    f.at(0).signal();
    REQUIRE(reaches(w, f.at(0), state::stopping, 30s));
    w.run_for(15s);
    CHECK(f.denied(0));  // the entry stays for as long as the process does
    CHECK_FALSE(f.at(0).exit_code());
    REQUIRE(ends_within(w, f.at(0), 20s));
    CHECK(f.list().empty());
  });
}

TEST_CASE("lesson_23_any_executor_may_be_chosen_and_a_busy_one_is_waited_for") {
  scenario([](world& w) {
    fleet f(w, nodes(4, 6));
    w.run_for(5s);
    for (int i = 2; i < 4; ++i) f.at(i).signal();
    REQUIRE(ends_within(w, f.at(2), 200s));
    REQUIRE(ends_within(w, f.at(3), 200s));
    w.run_for(5s);
    CHECK(f.lost() == 0);
  });
}

TEST_CASE("lesson_24_missing_data_is_absent_from_our_metrics") {
  scenario([](world& w) {
    fleet f(w, nodes(1));
    w.run_for(16s);
    CHECK_THAT(asked(w, f.at(0), "GET", "/metrics", 9011).body, ContainsSubstring("\nebb_fragments_active 0\n"));
    f.cluster().at(executor_name(0)).distort(lab::distortion::gauge_absent);
    w.run_for(20s);
    const auto page = asked(w, f.at(0), "GET", "/metrics", 9011).body;
    CHECK(page.find("\nebb_fragments_active") == std::string::npos);
    CHECK_THAT(page, ContainsSubstring("\nebb_fragments_unknown 1\n"));
  });
}
