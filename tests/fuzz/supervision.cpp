// A container's life from bytes, three an event: what happens, how long after the last, and a detail. Whatever happens
// and whatever the agent says, init's actions make sense, it never spins, and it leaves in the end.
#include "agent/core/supervise.hpp"

#include <algorithm>
#include <csignal>

#include "tests/fuzz/property.hpp"

using namespace ebb;
using namespace ebb::core;
using ebb::fuzz::require;

namespace {

constexpr int executor = 7;
constexpr int first_agent = 100;

class world {
 public:
  explicit world(supervise_policy policy) : init_(std::move(policy), executor, now_) {}

  void pass(duration d) {
    for (const auto end = now_ + d; !left_ && init_.wake_at() <= end;) {
      now_ = std::max(now_, init_.wake_at());
      happen(time_passed{});
      require(left_ || init_.wake_at() > now_, "what is due is done");
    }
    if (!left_) now_ += d;
  }

  void happen(const supervise_event& event) {
    if (left_) {
      require(init_.handle(now_, event).size() == 0, "nothing is done after the end");
      return;
    }
    for (const auto& action : init_.handle(now_, event)) {
      std::visit([this](const auto& a) { on(a); }, action);
    }
  }

  void end_executor(pair::ending how) {
    if (ended_) return;
    ended_ = true;
    happen(child_ended{executor, how});
  }
  void end_agent() {
    if (agent_ == 0) return;
    const int pid = std::exchange(agent_, 0);
    happen(child_ended{pid, {true, SIGSEGV}});
  }
  void say(const pair::record& r) {
    if (open_) happen(record_received{r});
  }
  void break_pair() {
    if (open_) happen(pair_broken{});
  }
  void spawning_fails(bool fails) { fails_ = fails; }
  void nobody_left() {
    if (ended_ && agent_ == 0) happen(no_children_left{});
  }
  time_point now() const { return now_; }
  bool left() const { return left_; }

 private:
  void on(const spawn_agent&) {
    require(agent_ == 0 && !open_, "one agent at a time");
    if (fails_) return happen(agent_spawn_failed{});
    agent_ = next_agent_++;
    open_ = true;
    happen(agent_spawned{agent_});
  }
  void on(const send_record& a) {
    require(open_, "records go to an agent that is there");
    pair::packet packet;
    pair::encode(a.what, packet);
    require(pair::decode(packet).has_value(), "what init says can be read");
  }
  void on(const close_pair&) {
    require(open_, "a pair is closed once");
    open_ = false;
  }
  void on(const signal_agent&) { require(agent_ != 0, "no signal to a process that was reaped"); }
  void on(const signal_executor&) { require(!ended_, "no signal to a process that was reaped"); }
  void on(const signal_group&) { require(!ended_, "no signal to a group that may be another's"); }
  void on(const signal_descendants&) { require(ended_, "the rest is told after the executor has ended"); }
  void on(const leave& a) {
    require(ended_ && a.code >= 0 && a.code < 256, "it leaves after the executor, with a code");
    left_ = true;
  }

  time_point now_{1000s};
  supervision init_;
  int next_agent_ = first_agent;
  int agent_ = 0;
  bool open_ = false;
  bool fails_ = false;
  bool ended_ = false;
  bool left_ = false;
};

void step(world& w, int what, int detail) {
  const auto soon = [&w](int n) { return w.now() + (n - 32) * 500ms; };
  switch (what % 12) {
    case 0: return w.happen(signal_arrived{1 + detail % 64});
    case 1: return w.happen(signal_arrived{detail % 2 ? SIGTERM : SIGINT});
    case 2: return w.end_agent();
    case 3: return w.say(pair::plan{soon(detail), soon(detail / 3)});
    case 4: return w.say(pair::plan{detail % 2 ? time_point::min() : time_point::max(), time_point::max()});
    case 5: return w.say(pair::signal_order{1 + detail % 64});
    case 6: return w.say(pair::alive{});
    case 7: return w.say(detail % 2 ? pair::record{pair::finished{}} : pair::record{pair::save{}});
    case 8: return w.break_pair();
    case 9: return w.spawning_fails(detail % 2 == 0);
    case 10: return w.end_executor({detail % 2 == 0, 1 + detail % 31});
    default: return w.nobody_left();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  supervise_policy policy;
  if (size > 0 && data[0] % 2 != 0) policy.grace = data[0] * 1s;
  policy.in_kubernetes = size > 0 && data[0] % 3 == 0;
  policy.forward = {SIGUSR1, SIGUSR2, SIGHUP};
  world w(policy);
  w.happen(time_passed{});
  for (std::size_t i = 1; i + 2 < size; i += 3) {
    w.pass(data[i + 1] * data[i + 1] * 1ms);
    step(w, data[i], data[i + 2]);
  }
  w.end_executor({});
  w.pass(24h);  // far more than the farewell, the reserve and what is left of a plan
  require(w.left(), "it leaves when the executor has ended and time passes");
  return 0;
}
