#include "tests/unit/init/story.hpp"

using namespace ebb;
using namespace ebb::core;
using namespace ebb::core::told;

TEST_CASE("the end: the agent's farewell, the pair, the descendants, the code") {
  story s;
  s.with_agent();
  CHECK(s.ends(1s, executor, {false, 42}) == "exited 42");
  CHECK(s.wake_at() == 11s);
  CHECK(s.from_agent(2s, pair::finished{}) == "close, rest<15");
  CHECK(s.ends(2100ms, agent) == "");
  CHECK(s.ends(3s, 99) == "");
  CHECK(s.at(3s, no_children_left{}) == "leave 42");
  CHECK(s.signal(4s, SIGTERM) == "");
}

TEST_CASE("an agent that does not finish has 10 s, never past the deadline") {
  story s;
  s.with_agent();
  s.ends(1s, executor);
  CHECK(s.tick(10999ms) == "");
  CHECK(s.tick(11s) == "close, rest<15");
  CHECK(s.tick(11999ms) == "");
  CHECK(s.tick(12s) == "agent<9");

  story late;
  late.with_agent();
  late.signal(1s, SIGTERM);
  late.from_agent(1s, story::plan(2s, 8s));
  CHECK(late.tick(7300ms) == "group<15, group<18, pid<3, group<9");
  CHECK(late.ends(7310ms, executor, {true, 9}) == "exited 137");
  CHECK(late.tick(7500ms) == "close, rest<15");
  CHECK(late.tick(7700ms) == "agent<9, rest<9");
  CHECK(late.tick(7800ms) == "rest<9");
  CHECK(late.tick(8s) == "rest<9, leave 137");
}

TEST_CASE("descendants have the reserve, then they are killed and left to the kernel") {
  story s({.grace = 30s});  // reserve 5 s
  s.with_agent();
  s.ends(1s, executor, {false, 1});
  s.from_agent(1s, pair::finished{});
  s.ends(1s, agent);
  CHECK(s.tick(5999ms) == "");
  CHECK(s.tick(6s) == "rest<9");
  CHECK(s.tick(6100ms) == "rest<9");
  CHECK(s.tick(7s) == "rest<9, leave 1");
}

TEST_CASE("an agent that dies during the farewell is replaced and told of the end") {
  story s;
  s.with_agent();
  s.ends(1s, executor);
  CHECK(s.ends(2s, agent) == "close");
  CHECK(s.tick(2100ms) == "spawn");
  CHECK(s.at(2100ms, agent_spawned{9}) == "hello 1 stops 0 ended 0");
  CHECK(s.from_agent(3s, pair::finished{}) == "close, rest<15");
}

TEST_CASE("nobody waits for an agent that keeps dying") {
  story s;
  s.with_agent();
  s.ends(1s, executor);
  s.ends(1s, agent);
  s.tick(1100ms);
  s.at(1100ms, agent_spawned{9});
  s.ends(1100ms, 9);
  s.tick(1300ms);
  s.at(1300ms, agent_spawned{10});
  CHECK(s.ends(1301ms, 10) == "close, rest<15");
}

TEST_CASE("an executor's pid that comes back as an orphan's ends nothing twice") {
  story s;
  s.with_agent();
  s.ends(1s, executor);
  CHECK(s.ends(2s, executor, {false, 9}) == "");
  CHECK(s.ends(2s, 0) == "");
}

TEST_CASE("the exit code") {
  struct row {
    bool asked;
    pair::ending how;
    int code;
  };
  auto r = GENERATE(row{false, {false, 0}, 0}, row{false, {false, 1}, 1}, row{false, {false, 143}, 143},
                    row{false, {true, 15}, 143}, row{false, {true, 9}, 137}, row{false, {true, 11}, 139},
                    row{true, {false, 0}, 0}, row{true, {false, 143}, 0}, row{true, {false, 4}, 0},
                    row{true, {true, 15}, 0}, row{true, {false, 1}, 1}, row{true, {false, 130}, 130},
                    row{true, {true, 9}, 137}, row{true, {true, 6}, 134});
  CAPTURE(r.asked, r.how.by_signal, r.how.number);
  story s;
  s.with_agent();
  if (r.asked) s.from_agent(1s, pair::signal_order{SIGTERM});
  s.ends(2s, executor, r.how);
  s.from_agent(2s, pair::finished{});
  s.ends(2s, agent);
  CHECK(s.at(2s, no_children_left{}) == "leave " + std::to_string(r.code));
}

TEST_CASE("a stop signal alone does not make a failure a success") {
  story s;
  s.with_agent();
  s.signal(1s, SIGTERM);
  s.ends(2s, executor, {false, 4});  // by itself: nobody has asked it yet
  s.from_agent(2s, pair::finished{});
  s.ends(2s, agent);
  CHECK(s.at(2s, no_children_left{}) == "leave 4");
}

TEST_CASE("wake_at is never left behind") {
  story s({.grace = 10s});
  s.with_agent();
  s.signal(1s, SIGTERM);
  duration t = 1s;
  for (int i = 0; i < 200; ++i) {
    REQUIRE(s.wake_at() > t);
    t = std::min(s.wake_at(), t + 10s);
    std::string line = s.tick(t);
    if (line.find("leave") != std::string::npos) break;
    if (line.find("spawn") != std::string::npos) s.at(t, agent_spawn_failed{});
    if (line.find("agent<9") != std::string::npos) s.ends(t, agent, {true, 9});
    if (line.find("group<9") != std::string::npos) s.ends(t, executor, {true, 9});
  }
  CHECK(s.wake_at() > t);
}
