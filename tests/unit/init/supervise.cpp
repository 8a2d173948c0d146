#include "agent/core/supervise.hpp"

#include <csignal>
#include <string>

#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::core;

namespace {

std::string to_text(const pair::record& r) {
  if (const auto* h = std::get_if<pair::hello>(&r)) {
    std::string text = "hello " + std::to_string(h->generation) + " stops " + std::to_string(h->stop_signals);
    if (h->stop_sent) text += " told";
    if (h->ended) text += " ended " + std::to_string(h->ended->exit_code());
    if (!h->saved.empty()) text += " saved " + std::to_string(h->saved.bytes().size());
    return text;
  }
  if (const auto* s = std::get_if<pair::signal_seen>(&r)) {
    return "seen " + std::to_string(s->signo) + " x" + std::to_string(s->count);
  }
  if (const auto* e = std::get_if<pair::exited>(&r)) return "exited " + std::to_string(e->how.exit_code());
  return "a record that only agents send";
}

struct to_words {
  std::string operator()(const spawn_agent&) const { return "spawn"; }
  std::string operator()(const send_record& a) const { return to_text(a.what); }
  std::string operator()(const close_pair&) const { return "close"; }
  std::string operator()(const signal_agent& a) const { return "agent<" + std::to_string(a.signo); }
  std::string operator()(const signal_executor& a) const { return "pid<" + std::to_string(a.signo); }
  std::string operator()(const signal_group& a) const { return "group<" + std::to_string(a.signo); }
  std::string operator()(const signal_descendants& a) const { return "rest<" + std::to_string(a.signo); }
  std::string operator()(const leave& a) const { return "leave " + std::to_string(a.code); }
};

constexpr int executor = 7;
constexpr int agent = 8;
constexpr time_point epoch{1000s};

// One container's life: events go in at times since the executor's spawn, and what init does comes out as one line.
class story {
 public:
  explicit story(supervise_policy policy = {.grace = 120s}) : init_(std::move(policy), executor, epoch) {}

  std::string at(duration t, const supervise_event& event) {
    now_ = epoch + t;
    std::string line;
    for (const auto& action : init_.handle(now_, event)) {
      if (no_agent_ && std::holds_alternative<spawn_agent>(action)) {
        init_.handle(now_, agent_spawn_failed{});
        continue;
      }
      if (!line.empty()) line += ", ";
      line += std::visit(to_words{}, action);
    }
    return line;
  }
  std::string tick(duration t) { return at(t, time_passed{}); }
  std::string from_agent(duration t, const pair::record& r) { return at(t, record_received{r}); }
  std::string signal(duration t, int signo) { return at(t, signal_arrived{signo}); }
  std::string ends(duration t, int pid, pair::ending how = {}) { return at(t, child_ended{pid, how}); }
  duration wake_at() const { return init_.wake_at() - epoch; }
  // The agent has been spawned at 0.
  story& with_agent() {
    REQUIRE(tick(0s) == "spawn");
    REQUIRE(at(0s, agent_spawned{agent}) == "hello 0 stops 0");
    return *this;
  }
  // No agent can be had: every attempt fails, and is left out of the lines.
  story& without_agent() {
    no_agent_ = true;
    return *this;
  }
  static pair::plan plan(duration stop_at, duration deadline) { return {epoch + stop_at, epoch + deadline}; }

 private:
  supervision init_;
  time_point now_;
  bool no_agent_ = false;
};

}  // namespace

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
