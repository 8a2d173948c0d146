#include "tests/support/sim/init.hpp"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace ebb::sim {

namespace {

constexpr rt::duration fork_and_exec = 10ms;   // until a new agent runs
constexpr rt::duration packet_travels = 50us;  // over the pair
constexpr rt::duration kill_takes = 2ms;       // from SIGKILL to the end
constexpr std::size_t packets_in_the_pair = 16;

}  // namespace

// The agent's end of the pair. What the agent does not take in time is dropped, as init does it.
class init::pair_end final : public rt::supervisor {
 public:
  explicit pair_end(init& owner) : owner_(owner) {}

  rt::task<rt::result<pair::record>> receive() override {
    while (packets_.empty() && !closed_) {
      auto start = [this](parking::handler h) { waiting_ = owner_.agent_host_.park(std::move(h)); };
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, std::size_t)>(start,
                                                                                                  asio::use_awaitable);
    }
    if (packets_.empty()) co_return error_code(asio::error::eof);
    const pair::packet first = packets_.front();
    packets_.pop_front();
    co_return pair::decode(first);
  }

  rt::result<void> send(const pair::record& r) override {
    if (closed_) return make_error_code(boost::system::errc::broken_pipe);
    pair::packet bytes;
    pair::encode(r, bytes);
    owner_.later(packet_travels, [this, bytes, sender = owner_.agent_pid_] {
      if (sender != owner_.agent_pid_ || closed_) return;
      const auto record = pair::decode(bytes);
      if (!record) return owner_.tell(core::pair_broken{});
      if (owner_.on_record) owner_.on_record(*record);
      if (sender == owner_.agent_pid_) owner_.tell(core::record_received{*record});
    });
    return {};
  }

  void push(const pair::record& r) {
    if (closed_ || packets_.size() >= packets_in_the_pair) return;
    pair::encode(r, packets_.emplace_back());
    wake();
  }
  void close() {
    closed_ = true;
    wake();
  }
  void reopen() {
    closed_ = false;
    packets_.clear();
  }

 private:
  void wake() { owner_.agent_host_.resume(std::exchange(waiting_, 0), {}, 0); }

  init& owner_;
  std::deque<pair::packet> packets_;
  std::uint64_t waiting_ = 0;
  bool closed_ = true;
};

init::init(host& agent_host, core::supervise_policy policy, agent_program agent, executor_script script)
    : world_(agent_host.home()),
      agent_host_(agent_host),
      policy_(std::move(policy)),
      agent_(std::move(agent)),
      script_(std::move(script)),
      pair_(std::make_unique<pair_end>(*this)) {
  agent_host_.runs([this](host& h) { return run_agent(h); });
}

rt::task<> init::run_agent(host& h) {
  const int pid = agent_pid_;
  co_await agent_(h, *pair_);
  later(0s, [this, pid] { agent_gone(pid, {false, 0}); });
}

init::~init() {
  *alive_ = false;
  agent_host_.crash();
  agent_host_.runs({});
}

void init::later(rt::duration d, std::function<void()> what) {
  world_.schedule(world_.now() + d, [alive = alive_, what = std::move(what)] {
    if (*alive) what();
  });
}

void init::start() {
  if (decide_) throw std::logic_error("init has been started already");
  executor_pid_ = next_pid_++;
  executor_runs_ = true;
  executor_started_at_ = world_.now();
  decide_.emplace(policy_, executor_pid_, agent_host_.clock().now());
  if (script_.descendant_lives) descendant_runs_ = true;
  if (script_.dies_after) later(*script_.dies_after, [this] { executor_ends(script_.death); });
  tell(core::time_passed{});
}

void init::tell(const core::supervise_event& e) {
  if (!decide_ || exit_code_) return;
  for (const auto& action : decide_->handle(agent_host_.clock().now(), e)) carry_out(action);
  arm();
  reap();
}

void init::arm() {
  if (wake_) world_.cancel(*wake_);
  wake_.reset();
  const auto at = decide_->wake_at();
  if (exit_code_ || at == rt::time_point::max()) return;
  // The host's clock may be fast or slow: too early is harmless, since the decision looks at the time itself.
  const auto left = std::max<rt::duration>(at - agent_host_.clock().now(), 1us);
  wake_ = world_.schedule(world_.now() + left, [this, alive = alive_] {
    if (*alive) tell(core::time_passed{});
  });
}

void init::carry_out(const core::supervise_action& action) {
  struct visitor {
    init& me;
    void operator()(const core::spawn_agent&) const { me.spawn_agent(); }
    void operator()(const core::send_record& a) const { me.pair_->push(a.what); }
    void operator()(const core::close_pair&) const { me.close_pair(); }
    void operator()(const core::signal_agent& a) const {
      if (a.signo == SIGKILL) me.kill_agent();
    }
    void operator()(const core::signal_executor& a) const { me.signal_executor(a.signo); }
    void operator()(const core::signal_group& a) const { me.signal_executor(a.signo); }
    void operator()(const core::signal_descendants& a) const { me.signal_descendants(a.signo); }
    void operator()(const core::leave& a) const { me.leave(a.code); }
  };
  std::visit(visitor{*this}, action);
}

void init::spawn_agent() {
  if (refuse_agents_) return tell(core::agent_spawn_failed{});
  const int pid = agent_pid_ = next_pid_++;
  ++agents_;
  pair_->reopen();
  agent_host_.say("sim: agent " + std::to_string(pid) + " starts");
  later(fork_and_exec, [this, pid] {
    if (agent_pid_ == pid && !agent_host_.up()) agent_host_.boot();
  });
  tell(core::agent_spawned{pid});
}

void init::kill_agent() {
  if (agent_pid_ == 0) return;
  later(kill_takes, [this, pid = agent_pid_] { agent_gone(pid, {true, SIGKILL}); });
}

void init::agent_gone(int pid, pair::ending how) {
  if (pid != agent_pid_) return;
  agent_host_.say("sim: agent " + std::to_string(pid) + " is gone");
  agent_pid_ = 0;
  pair_->close();
  agent_host_.crash();
  tell(core::child_ended{pid, how});
}

void init::close_pair() { pair_->close(); }

void init::signal(int signo) {
  agent_host_.say("sim: signal " + std::to_string(signo));
  tell(core::signal_arrived{signo});
}

bool init::executor_live() const { return executor_runs_ && world_.now() >= executor_started_at_ + script_.live_after; }

std::optional<rt::time_point> init::first_signal(int signo) const {
  for (const auto& [when, which] : signals_)
    if (which == signo) return when;
  return std::nullopt;
}

void init::signal_executor(int signo) {
  if (!executor_runs_) return;
  signals_.emplace_back(world_.now(), signo);
  if (signo != SIGCONT) agent_host_.say("sim: the executor hears signal " + std::to_string(signo));
  if (script_.hears) return script_.hears(signo);
  if (signo == SIGKILL) {
    later(kill_takes, [this] { executor_ends({true, SIGKILL}); });
  } else if (signo == policy_.stop_signal && !script_.ignores_stop) {
    later(script_.stop_takes, [this] { executor_ends(script_.on_stop); });
  }
}

void init::executor_ends(pair::ending how) {
  if (!std::exchange(executor_runs_, false)) return;
  agent_host_.say("sim: the executor ends with " + std::to_string(how.exit_code()));
  executor_end_ = how;
  executor_ended_at_ = world_.now();
  if (descendant_runs_)
    later(*script_.descendant_lives, [this] {
      descendant_runs_ = false;
      reap();
    });
  tell(core::child_ended{executor_pid_, how});
}

void init::signal_descendants(int signo) {
  if (signo != SIGKILL) return;
  later(kill_takes, [this] {
    descendant_runs_ = false;
    if (executor_runs_) executor_ends({true, SIGKILL});
    reap();
  });
}

void init::kill() {
  if (!decide_ || exit_code_) return;
  if (std::exchange(executor_runs_, false)) {
    executor_end_ = {true, SIGKILL};
    executor_ended_at_ = world_.now();
  }
  leave(128 + SIGKILL);
}

// waitid() finds nobody any more.
void init::reap() {
  if (exit_code_ || executor_runs_ || descendant_runs_ || agent_pid_ != 0) return;
  later(0s, [this] {
    if (!executor_runs_ && !descendant_runs_ && agent_pid_ == 0 && decide_ && !exit_code_)
      for (const auto& a : decide_->handle(agent_host_.clock().now(), core::no_children_left{})) carry_out(a);
  });
}

void init::leave(int code) {
  agent_host_.say("sim: init leaves with " + std::to_string(code));
  exit_code_ = code;
  left_at_ = world_.now();
  if (wake_) world_.cancel(*wake_);
  executor_runs_ = descendant_runs_ = false;
  pair_->close();
  agent_pid_ = 0;
  later(kill_takes, [this] {
    agent_host_.crash();
    if (on_left) on_left();
  });
}

}  // namespace ebb::sim
