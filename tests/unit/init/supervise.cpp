#include "agent/core/supervise.hpp"

#include "tests/unit/init/story.hpp"

using namespace ebb;
using namespace ebb::core;
using namespace ebb::core::told;

TEST_CASE("an agent is spawned at once and told everything") {
  story s;
  CHECK(s.wake_at() == 0s);
  CHECK(s.tick(0s) == "spawn");
  CHECK(s.tick(1ms) == "");
  CHECK(s.at(2ms, agent_spawned{agent}) == "hello 0 stops 0");
}

TEST_CASE("an agent that dies young is replaced after 100 ms, doubling to 5 s") {
  story s;
  duration t = 0s;
  for (duration pause : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
    REQUIRE(s.tick(t) == "spawn");
    s.at(t, agent_spawned{agent});
    REQUIRE(s.ends(t + 1ms, agent) == "close");
    CHECK(s.wake_at() == t + 1ms + pause);
    CHECK(s.tick(t + pause) == "");
    t += 1ms + pause;
  }
}

TEST_CASE("an agent that has lived for 10 s is replaced after 100 ms") {
  story s;
  s.with_agent();
  s.ends(1s, agent);
  CHECK(s.tick(1100ms) == "spawn");
  s.at(1100ms, agent_spawned{agent});
  s.ends(11100ms, agent);
  CHECK(s.wake_at() == 11200ms);
}

TEST_CASE("an agent that cannot be spawned is tried again with the same back-off") {
  story s;
  CHECK(s.tick(0s) == "spawn");
  CHECK(s.at(0s, agent_spawn_failed{}) == "");
  CHECK(s.tick(99ms) == "");
  CHECK(s.tick(100ms) == "spawn");
  s.at(100ms, agent_spawn_failed{});
  CHECK(s.wake_at() == 300ms);
}

TEST_CASE("an agent silent for 15 s is killed, and replaced when it is reaped") {
  story s;
  s.with_agent();
  s.from_agent(5s, pair::alive{});
  s.from_agent(6s, pair::save{});  // no sign of life: only alive is
  CHECK(s.wake_at() == 20s);
  CHECK(s.tick(19999ms) == "");
  CHECK(s.tick(20s) == "close, agent<9");
  CHECK(s.tick(30s) == "");
  CHECK(s.ends(30s, agent, {true, 9}) == "");
  CHECK(s.tick(30100ms) == "spawn");
}

TEST_CASE("an agent whose pair breaks is killed") {
  story s;
  s.with_agent();
  CHECK(s.at(1s, pair_broken{}) == "close, agent<9");
  CHECK(s.from_agent(1s, pair::plan{}) == "");
  CHECK(s.ends(1s, agent, {true, 9}) == "");
}

TEST_CASE("an agent that sends what only init sends is killed") {
  story s;
  s.with_agent();
  CHECK(s.from_agent(1s, pair::hello{}) == "close, agent<9");
}

TEST_CASE("what was saved comes back with the next hello") {
  story s;
  s.with_agent();
  pair::save save;
  std::array<std::byte, 5> bytes{};
  save.blob.assign(bytes);
  s.from_agent(1s, save);
  s.signal(2s, SIGTERM);
  s.ends(3s, agent);
  s.tick(3100ms);
  CHECK(s.at(3100ms, agent_spawned{9}) == "hello 1 stops 1 saved 5");
}

TEST_CASE("the next agent learns that the executor has been told to stop") {
  story s;
  s.with_agent();
  s.signal(1s, SIGTERM);
  s.signal(3s, SIGINT);
  s.from_agent(4s, pair::signal_order{SIGTERM});
  s.ends(5s, agent);
  s.tick(5100ms);
  CHECK(s.at(5100ms, agent_spawned{9}) == "hello 1 stops 2 told");
  const auto& told = std::get<pair::hello>(s.last_record());
  CHECK(told.executor_pid == executor);
  CHECK(told.spawned_at == epoch);
  CHECK(told.first_stop == epoch + 1s);
  CHECK(told.last_stop == epoch + 3s);
  CHECK(told.stop_sent == epoch + 4s);
}

TEST_CASE("who is killed already is asked for no thread dump") {
  story s;
  s.with_agent();
  s.from_agent(1s, story::plan(5s, 10s));
  CHECK(s.from_agent(2s, pair::signal_order{SIGKILL}) == "group<9");
  CHECK(s.tick(9s) == "");
}

TEST_CASE("stop signals are counted and told, never passed on") {
  story s;
  s.with_agent();
  CHECK(s.signal(1s, SIGTERM) == "seen 15 x1");
  CHECK(s.signal(2s, SIGINT) == "seen 2 x2");
  CHECK(s.signal(2s, SIGHUP) == "seen 1 x1");
}

TEST_CASE("what each signal does to the executor") {
  story s({.grace = 120s, .forward = {SIGUSR1, 64, SIGPIPE, SIGHUP}});
  s.with_agent();
  CHECK(s.signal(1s, SIGQUIT) == "pid<3");
  CHECK(s.signal(1s, SIGUSR1) == "pid<10");
  CHECK(s.signal(1s, SIGUSR2) == "");
  CHECK(s.signal(1s, 64) == "pid<64");
  CHECK(s.signal(1s, 63) == "");
  CHECK(s.signal(1s, SIGWINCH) == "group<28");
  CHECK(s.signal(1s, SIGCONT) == "group<18");
  CHECK(s.signal(1s, SIGTSTP) == "group<20");
  CHECK(s.signal(1s, SIGPIPE) == "");
  CHECK(s.signal(1s, SIGCHLD) == "");
  CHECK(s.signal(1s, SIGHUP) == "seen 1 x1");  // even where the configuration names it
  s.ends(2s, executor);
  CHECK(s.signal(3s, SIGQUIT) == "");
  CHECK(s.signal(3s, SIGWINCH) == "");
}

TEST_CASE("without an agent the configured plan runs from the first stop signal") {
  story s;  // grace 120 s: reserve 20 s
  s.without_agent();
  CHECK(s.signal(10s, SIGTERM) == "");
  CHECK(s.signal(10500ms, SIGTERM) == "");
  CHECK(s.tick(107999ms) == "");
  CHECK(s.wake_at() == 108s);
  CHECK(s.tick(108s) == "group<15, group<18");
  CHECK(s.tick(125999ms) == "");
  CHECK(s.tick(126s) == "pid<3");
  CHECK(s.tick(127s) == "group<9");
  CHECK(s.ends(127001ms, executor, {true, 9}) == "rest<15");
  CHECK(s.at(127002ms, no_children_left{}) == "leave 137");
}

TEST_CASE("without a configured grace 600 s are assumed") {
  story s({});
  s.without_agent();
  s.signal(10s, SIGTERM);
  CHECK(s.tick(10s + 600s - 100s - 2s - 1ms) == "");
  CHECK(s.tick(10s + 600s - 100s - 2s) == "group<15, group<18");
}

TEST_CASE("the stop signal is the configured one") {
  story s({.grace = 10s, .stop_signal = SIGINT});
  s.without_agent();
  s.signal(1s, SIGTERM);
  CHECK(s.tick(1s + 3s) == "group<2, group<18");
}

TEST_CASE("an agent's plan replaces the configured one, and the last one wins") {
  story s;
  s.with_agent();
  s.signal(1s, SIGTERM);
  s.from_agent(2s, story::plan(50s, 70s));
  s.from_agent(3s, story::plan(9s, 15s));
  s.from_agent(4s, pair::alive{});
  CHECK(s.tick(9299ms) == "");
  CHECK(s.tick(9300ms) == "group<15, group<18");
  CHECK(s.tick(13299ms) == "");
  CHECK(s.tick(13300ms) == "pid<3");
  CHECK(s.tick(14300ms) == "group<9");
}

TEST_CASE("init leaves to a connected agent what the agent does") {
  story s;
  s.with_agent();
  s.signal(1s, SIGTERM);
  s.from_agent(1s, story::plan(9s, 14s));
  CHECK(s.from_agent(9s, pair::signal_order{SIGTERM}) == "group<15, group<18");
  CHECK(s.tick(9500ms) == "");
  CHECK(s.from_agent(12s, pair::signal_order{SIGQUIT}) == "pid<3");
  CHECK(s.tick(12500ms) == "");
  CHECK(s.from_agent(13s, pair::signal_order{SIGKILL}) == "group<9");
  CHECK(s.tick(14s) == "");
}

TEST_CASE("a plan of an agent that then goes is carried out on time") {
  story s;
  s.with_agent();
  s.from_agent(1s, story::plan(5s, 10s));  // a deletion without a signal
  s.ends(2s, agent);
  s.without_agent();
  s.signal(3s, SIGTERM);
  CHECK(s.tick(4999ms) == "");
  CHECK(s.tick(5s) == "group<15, group<18");
}

TEST_CASE("times of a plan that lie out of all reason overflow nothing") {
  story s;
  s.with_agent();
  s.from_agent(1s, pair::plan{time_point::max(), time_point::max()});
  CHECK(s.tick(2s) == "");
  s.from_agent(3s, pair::plan{time_point::min(), time_point::max()});
  CHECK(s.tick(3300ms) == "group<15, group<18");
  s.from_agent(4s, pair::plan{time_point::max(), time_point::min()});
  CHECK(s.tick(5s) == "");
}

TEST_CASE("an executor that was ordered to stop without a plan has the reserve") {
  story s;
  s.with_agent();
  CHECK(s.from_agent(1s, pair::signal_order{SIGTERM}) == "group<15, group<18");
  s.from_agent(10s, pair::alive{});
  CHECK(s.tick(19300ms) == "pid<3");
  CHECK(s.tick(20300ms) == "group<9");
}

TEST_CASE("a second stop signal hurries when no agent hears it") {
  story s;
  s.without_agent();
  s.signal(10s, SIGTERM);
  CHECK(s.signal(10999ms, SIGTERM) == "");
  CHECK(s.signal(11s, SIGTERM) == "group<15, group<18");
  CHECK(s.tick(28999ms) == "");
  CHECK(s.tick(29s) == "pid<3");
  CHECK(s.tick(30s) == "group<9");
}

TEST_CASE("a second stop signal cuts the wait for descendants short") {
  story s;
  s.without_agent();
  for (duration t : {0ms, 100ms, 300ms, 700ms}) s.tick(t);  // the agent is given up
  s.signal(10s, SIGINT);
  CHECK(s.ends(11s, executor, {false, 1}) == "rest<15");
  CHECK(s.signal(12s, SIGINT) == "rest<9");
}

TEST_CASE("a second stop signal changes nothing with an agent, or inside Kubernetes") {
  story heard;
  heard.with_agent();
  heard.signal(1s, SIGTERM);
  CHECK(heard.signal(3s, SIGTERM) == "seen 15 x2");
  CHECK(heard.tick(4s) == "");

  story inside({.grace = 120s, .in_kubernetes = true});
  inside.without_agent();
  inside.signal(1s, SIGTERM);
  CHECK(inside.signal(3s, SIGTERM) == "");
  CHECK(inside.tick(4s) == "");
}
