// Commands that an agent answers: the call is held while the agent drains, and outlives the agent.
#include "tests/sim/command_scenes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/sweep.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::phase;
using core::state;

namespace {

fleet_options two_nodes(lab::load::options load = no_load()) {
  fleet_options o;
  o.executors = 2;
  o.load = load;
  return o;
}

// As the agent says it, to init.
bool drained_by_agent(world& w, fleet& f) {
  w.run_for(1ms);
  return f.at(0).life().phase == phase::drained;
}

}  // namespace

TEST_CASE("drain --wait ends when the agent has drained the node, and undrain takes it back") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    command drain(f.at(0), waited(), init);
    REQUIRE(ends_within(w, drain, 30s));
    CHECK(drain.code() == 0);
    CHECK(drain.took() >= 10s);
    CHECK(drain.took() <= 12s);
    CHECK(drained_by_agent(w, f));
    command back(f.at(0), cli::undrain_command{}, init);
    REQUIRE(ends_within(w, back, 1s));
    CHECK(back.code() == 0);
    REQUIRE(reaches(w, f.at(0), state::serving, 5s));
    CHECK(f.list().empty());
  });
}

TEST_CASE("drain --wait --deadline ends the wait with 3, and the drain goes on") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    f.start_fragment(0, 60s);
    command drain(f.at(0), waited(20s), init);
    REQUIRE(ends_within(w, drain, 30s));
    CHECK(drain.code() == 3);
    CHECK(drain.took() >= 20s);
    CHECK(drain.took() <= 20500ms);
    CHECK_THAT(drain.err(), ContainsSubstring("the drain goes on"));
    CHECK(reaches(w, f.at(0), phase::drained, 60s));
  });
}

TEST_CASE("drain --wait is 4 when the drain is withdrawn meanwhile") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    f.start_fragment(0, 10h);
    command drain(f.at(0), waited(), init);
    w.run_for(5s);
    command back(f.at(0), cli::undrain_command{}, init);
    REQUIRE(ends_within(w, drain, 1s));
    CHECK(drain.code() == 4);
    CHECK_THAT(drain.err(), ContainsSubstring("the drain was cancelled"));
  });
}

TEST_CASE("undrain reaches the agent that replaces one that has died, and the drain does not go on") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    (void)asked(w, f.at(0), "POST", "/drain?wait=true");
    lose_agent(w, f.at(0));
    command back(f.at(0), cli::undrain_command{}, init);
    REQUIRE(ends_within(w, back, 20s));
    CHECK(back.code() == 0);
    REQUIRE(reaches(w, f.at(0), state::serving, 10s));
    w.run_for(30s);
    CHECK(f.at(0).life().now == state::serving);
    CHECK(f.list().empty());
  });
}

TEST_CASE("a command waits for an agent that is being replaced, whether it died or hangs, and writes nothing itself") {
  cli::drain_command alone;
  const auto added = hook(cli::hook_action::add);
  for (const bool hangs : {false, true})
    for (const auto& asked : {cli::command(alone), cli::command(waited()), cli::command(added)})
      scenario([&](world& w) {
        fleet f(w, two_nodes());
        REQUIRE(reaches(w, f.at(0), state::serving, 60s));
        if (hangs)
          f.at(0).silence_agent();
        else
          lose_agent(w, f.at(0));
        INFO((hangs ? "hangs" : "killed") << ", command " << asked.index());
        command drain(f.at(0), asked, init);
        REQUIRE(ends_within(w, drain, 60s));
        INFO(drain.err());
        CHECK(drain.code() == 0);
        w.run_for(30s);
        CHECK(f.at(0).life().now == state::draining);
        CHECK(f.list() == strings{executor_name(0)});
        CHECK(f.cluster().head().denied().writes() == 1);
      });
}

TEST_CASE("undrain reaches an agent that hangs by way of the one that replaces it") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    (void)asked(w, f.at(0), "POST", "/drain?wait=true");
    f.at(0).silence_agent();
    command back(f.at(0), cli::undrain_command{}, init);
    REQUIRE(ends_within(w, back, 30s));
    CHECK(back.code() == 0);
    REQUIRE(reaches(w, f.at(0), state::serving, 10s));
    CHECK(f.list().empty());
  });
}

TEST_CASE("a command whose agent does not come back fails after 20 s with the mend, and writes nothing") {
  struct row {
    cli::resident who;
    rt::duration at_most;
    std::string says;
  };
  const std::vector<row> table = {
      {init, 26s, "does not answer at 127.0.0.1:9012; its log says more"},
      {{7, ""},
       26s,
       "pid 7), but its agent does not answer at 127.0.0.1:9012; if it was given another listen.control, set "
       "EBB_LISTEN_CONTROL"},
      {{7, "[::]:9999"}, 2s, "it listens at 127.0.0.1:9999: set EBB_LISTEN_CONTROL=127.0.0.1:9999"},
  };
  cli::drain_command alone;
  for (const auto& r : table)
    for (const auto& asked : {cli::command(alone), cli::command(waited()), cli::command(waited(5s)),
                              cli::command(hook(cli::hook_action::add)), cli::command(cli::undrain_command{})})
      scenario([&](world& w) {
        fleet f(w, bare(1));
        command c(f.at(0), asked, r.who);
        INFO("command " << asked.index() << " with " << r.who.control);
        REQUIRE(ends_within(w, c, r.at_most));
        CHECK(c.code() == 1);
        CHECK_THAT(c.err(), ContainsSubstring(r.says));
        CHECK(f.cluster().head().denied().writes() == 0);
      });
}

TEST_CASE("a drain without the entry does not say that the node is on the deny list") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    REQUIRE(reaches(w, f.at(0), state::serving, 60s));
    f.faults().add(on_coordinator("", lab::fault::status));
    command drain(f.at(0), forced(waited()), init);
    REQUIRE(ends_within(w, drain, 180s));
    CHECK(drain.code() == 0);
    CHECK_FALSE(f.denied(0));
    CHECK_THAT(drain.out(), ContainsSubstring("drained: no fragment is left; the deny list could not be had"));
  });
}

TEST_CASE("undrain out of a drain that found somebody else's entry is 5 and says that the node stays denied") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    REQUIRE(reaches(w, f.at(0), state::serving, 60s));
    w.run_for(70s);  // dremio.reclaim
    f.write_list({executor_name(0)});
    REQUIRE(reaches(w, f.at(0), state::paused, 120s));
    command drain(f.at(0), forced({}), init);
    REQUIRE(ends_within(w, drain, 30s));
    command back(f.at(0), cli::undrain_command{}, init);
    REQUIRE(ends_within(w, back, 5s));
    CHECK(back.code() == 5);
    CHECK_THAT(back.err(), ContainsSubstring("somebody else's"));
  });
}

TEST_CASE("an interrupted drain --wait leaves the agent's drain running and says how to undo it") {
  scenario([](world& w) {
    fleet f(w, two_nodes());
    f.start_fragment(0, 30s);
    command drain(f.at(0), waited(), init);
    w.run_for(5s);
    drain.interrupt();
    REQUIRE(drain.ended());
    CHECK(drain.code() == 130);
    CHECK_THAT(drain.err(), ContainsSubstring("the drain goes on; `ebb undrain` takes it back"));
    CHECK(reaches(w, f.at(0), phase::drained, 60s));
    CHECK(f.denied(0));
  });
}

TEST_CASE("a drain that is waited for outlives its agent, killed or hung at any moment") {
  for (const auto hangs : {false, true})
    for (const auto at : {0ms, 1ms, 3ms, 500ms, 5'000ms, 9'990ms, 20'000ms})
      scenario([hangs, at](world& w) {
        fleet f(w, two_nodes());
        f.start_fragment(0, 30s);
        command drain(f.at(0), waited(), init);
        w.run_for(at);
        if (hangs)
          f.at(0).silence_agent();
        else
          f.at(0).kill_agent();
        INFO((hangs ? "hangs" : "killed") << " after " << at.count() << " ms");
        REQUIRE(ends_within(w, drain, 90s));
        CHECK(drain.code() == 0);
        CHECK(drain.took() >= 33s);
        CHECK(drained_by_agent(w, f));
        CHECK(f.list() == strings{executor_name(0)});
        CHECK_FALSE(f.signalled_after(0, w.start()));
      });
}

TEST_CASE("the deadline of a wait holds when the agent dies or hangs, with work left") {
  for (const auto hangs : {false, true})
    for (const auto at : {0ms, 3ms, 5'000ms, 9'900ms, 9'990ms})
      scenario([hangs, at](world& w) {
        fleet f(w, two_nodes());
        f.start_fragment(0, 10h);
        command drain(f.at(0), waited(10s), init);
        w.run_for(at);
        if (hangs)
          f.at(0).silence_agent();
        else
          f.at(0).kill_agent();
        INFO((hangs ? "hangs" : "killed") << " after " << at.count() << " ms");
        // An agent that answers late is given ten seconds, and one that is being replaced fifteen.
        REQUIRE(ends_within(w, drain, 36s));
        CHECK(drain.code() == 3);
        CHECK(drain.took() >= 10s);
        // The agent that follows one that was killed is told what is left, not the whole.
        if (!hangs) CHECK(drain.took() <= 11s);
      });
}

namespace {

void drain_and_back_by_the_agent(world& w) {
  fleet f(w, two_nodes(steady_load(2)));
  f.write_list({"somebody"});
  command drain(f.at(0), waited(), init);
  REQUIRE(ends_within(w, drain, 180s));
  CHECK(drain.code() == 0);
  CHECK(drained_by_agent(w, f));
  CHECK(f.list() == strings{"somebody", executor_name(0)});
  // A person repeats a request that was not answered.
  std::optional<int> code;
  for (int i = 0; i < 2 && code != 0; ++i) {
    command back(f.at(0), cli::undrain_command{}, init);
    REQUIRE(ends_within(w, back, 65s));
    code = back.code();
  }
  CHECK(code == 0);
  REQUIRE(reaches(w, f.at(0), state::serving, 10s));
  w.run_for(5s);
  CHECK(f.list() == strings{"somebody"});
  CHECK(f.lost() == 0);
  CHECK(f.at(0).agents() == 1);
}

}  // namespace

TEST_CASE("failure sweep: a drain that is waited for and its withdrawal survive each call of the command that fails") {
  sweep_options o;
  o.host = executor_name(0) + "-client";
  CHECK(sweep(drain_and_back_by_the_agent, o) > 30);
}
