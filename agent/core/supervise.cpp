#include "agent/core/supervise.hpp"

#include <algorithm>
#include <cassert>
#include <csignal>

#include "agent/core/plan.hpp"

namespace ebb::core {
namespace {

constexpr duration agent_slack = 300ms;    // init does so much later itself what a connected agent should have ordered
constexpr duration hurry_after = 1s;       // between the first stop signal and one that means hurry
constexpr duration farewell_time = 10s;    // of the agent, after the executor's end
constexpr duration eof_to_end = 1s;        // an agent without a pair ends by itself, or is killed after this
constexpr duration kill_interval = 100ms;  // descendants may fork while they are being killed
constexpr duration kill_to_leave = 1s;     // for the kernel to end what was killed
constexpr duration clearing_time = 500ms;  // kept ahead of a deadline for the descendants,
constexpr duration last_breath = 300ms;    // and for reaping them
constexpr duration horizon = 24h * 365;    // times of a plan are brought within it, so that no sum overflows

}  // namespace

void supervise_actions::add(const supervise_action& a) {
  assert(size_ < capacity);
  if (size_ < capacity) items_[size_++] = a;
}

supervision::supervision(supervise_policy policy, int executor_pid, time_point spawned_at)
    : policy_(std::move(policy)),
      reserve_(plan_drain({.grace = policy_.grace, .reserve = policy_.reserve}).reserve),
      executor_pid_(executor_pid),
      spawned_at_(spawned_at),
      agent_(spawned_at) {}

supervise_actions supervision::handle(time_point now, const supervise_event& event) {
  supervise_actions out;
  if (phase_ == phase::left) return out;
  out_ = &out;
  std::visit([this, now](const auto& e) { on(now, e); }, event);
  look_at_time(now);
  out_ = nullptr;
  return out;
}

time_point supervision::wake_at() const {
  switch (phase_) {
    case phase::supervising: return std::min(agent_.due(), plan_due());
    case phase::farewell: return std::min(agent_.due(), farewell_until_);
    case phase::clearing: {
      auto agent_due = agent_.absent() ? time_point::max() : agent_.due();  // no agent is started any more
      return std::min({agent_due, kill_descendants_at_, leave_at_});
    }
    case phase::left: break;
  }
  return time_point::max();
}

void supervision::on(time_point now, const signal_arrived& e) {
  switch (e.signo) {
    case SIGTERM:
    case SIGINT: return count_stop(now, e.signo);
    case SIGHUP:
      ++reloads_;
      if (agent_.connected()) act(send_record{pair::signal_seen{e.signo, reloads_, now}});
      return;
    case SIGPIPE:
    case SIGCHLD: return;
    default: break;
  }
  if (ended_) return;
  if (e.signo == SIGWINCH || e.signo == SIGCONT || e.signo == SIGTSTP) return act(signal_group{e.signo});
  if (e.signo == SIGQUIT || std::ranges::count(policy_.forward, e.signo) > 0) act(signal_executor{e.signo});
}

void supervision::count_stop(time_point now, int signo) {
  ++stops_;
  if (!first_stop_) first_stop_ = now;
  last_stop_ = now;
  if (!plan_) plan_ = configured_plan(now);
  if (agent_.connected()) return act(send_record{pair::signal_seen{signo, stops_, now}});
  // Nobody else can hear that somebody is in a hurry.
  if (policy_.in_kubernetes || now - *first_stop_ < hurry_after) return;
  plan_ = pair::plan{now, std::min(plan_->deadline, now + reserve_)};
  if (phase_ == phase::clearing) kill_descendants_at_ = now;
}

void supervision::on(time_point now, const child_ended& e) {
  if (e.pid == executor_pid_ && !ended_) {
    end_executor(now, e.how);
  } else if (e.pid == agent_.pid() && e.pid != 0) {
    if (agent_.connected()) act(close_pair{});
    agent_.ended(now);
  }
}

void supervision::on(time_point, const no_children_left&) {
  if (phase_ == phase::clearing) leave_now();
}

void supervision::on(time_point now, const agent_spawned& e) {
  agent_.started(now, e.pid);
  act(send_record{hello()});
}

void supervision::on(time_point now, const agent_spawn_failed&) { agent_.ended(now); }

void supervision::on(time_point now, const record_received& e) {
  if (!agent_.connected()) return;
  if (const auto* plan = std::get_if<pair::plan>(&e.what)) {
    auto stop_at = std::clamp(plan->stop_at, now, now + horizon);
    plan_ = pair::plan{stop_at, std::clamp(plan->deadline, stop_at, now + horizon)};
  } else if (const auto* order = std::get_if<pair::signal_order>(&e.what)) {
    take_order(now, order->signo);
  } else if (const auto* save = std::get_if<pair::save>(&e.what)) {
    saved_ = save->blob;
  } else if (std::holds_alternative<pair::alive>(e.what)) {
    agent_.heard(now);
  } else if (std::holds_alternative<pair::finished>(e.what)) {
    if (phase_ == phase::farewell) begin_clearing(now);
  } else {
    drop_agent(now);  // a record that only init sends
  }
}

void supervision::on(time_point now, const pair_broken&) {
  if (agent_.connected()) drop_agent(now);
}

void supervision::take_order(time_point now, int signo) {
  if (ended_) return;
  if (signo == SIGQUIT) {
    dumped_ = true;
    act(signal_executor{SIGQUIT});
  } else if (signo == SIGKILL) {
    kill_executor(now);
  } else {
    // Whoever is told to stop is not waited for without end, should the agent that gave the order not come back.
    if (!plan_) plan_ = pair::plan{now, now + reserve_};
    stop_executor(now, signo);
  }
}

void supervision::stop_executor(time_point now, int signo) {
  if (!stop_sent_) stop_sent_ = now;
  act(signal_group{signo});
  act(signal_group{SIGCONT});  // a stopped process would not hear it
}

void supervision::kill_executor(time_point now) {
  if (!stop_sent_) stop_sent_ = now;
  killed_ = true;
  act(signal_group{SIGKILL});
}

void supervision::end_executor(time_point now, pair::ending how) {
  ended_ = how;
  ended_at_ = now;
  phase_ = phase::farewell;
  farewell_until_ = now + farewell_time;
  if (plan_) farewell_until_ = std::min(farewell_until_, plan_->deadline - clearing_time);
  if (agent_.connected()) act(send_record{pair::exited{how, now}});
}

void supervision::begin_clearing(time_point now) {
  phase_ = phase::clearing;
  kill_descendants_at_ = now + reserve_;
  leave_at_ = kill_descendants_at_ + kill_to_leave;
  if (plan_) {
    kill_descendants_at_ = std::min(kill_descendants_at_, plan_->deadline - last_breath);
    leave_at_ = std::min(leave_at_, std::max(now, plan_->deadline));
  }
  if (agent_.connected()) drop_agent(std::min(now + eof_to_end, kill_descendants_at_));
  act(signal_descendants{SIGTERM});
}

void supervision::leave_now() {
  phase_ = phase::left;
  act(leave{exit_code()});
}

void supervision::look_at_time(time_point now) {
  if (phase_ == phase::supervising || phase_ == phase::farewell) keep_agent(now);
  if (phase_ == phase::supervising) run_plan(now);  // after it: without an agent the plan is due earlier
  bool nobody_to_wait_for = agent_.absent() && (agent_.hopeless() || agent_.due() >= farewell_until_);
  if (phase_ == phase::farewell && (now >= farewell_until_ || nobody_to_wait_for)) begin_clearing(now);
  // After the clearing may have begun, which drops an agent for whom no time is left.
  if (agent_.to_be_killed(now)) {
    act(signal_agent{SIGKILL});
    agent_.killed();
  }
  if (phase_ != phase::clearing) return;
  if (now >= kill_descendants_at_) {
    act(signal_descendants{SIGKILL});
    kill_descendants_at_ = now + kill_interval;
  }
  if (now >= leave_at_) leave_now();
}

void supervision::run_plan(time_point now) {
  if (now >= stop_due()) stop_executor(now, policy_.stop_signal);
  if (now >= dump_due()) {
    dumped_ = true;
    act(signal_executor{SIGQUIT});
  }
  if (now >= kill_due()) kill_executor(now);
}

void supervision::keep_agent(time_point now) {
  if (agent_.silent(now)) drop_agent(now);
  if (!agent_.to_be_started(now)) return;
  agent_.starting();
  act(spawn_agent{});
}

void supervision::drop_agent(time_point kill_at) {
  act(close_pair{});
  agent_.disconnect(kill_at);
}

// What of the plan is still to be done, and when. An agent that is connected does it first.
duration supervision::slack() const { return agent_.connected() ? agent_slack : duration{0}; }

time_point supervision::stop_due() const { return plan_ && !stop_sent_ ? plan_->stop_at + slack() : time_point::max(); }

time_point supervision::dump_due() const {
  return plan_ && !dumped_ && !killed_ ? dump_moment(plan_->stop_at, plan_->deadline) + slack() : time_point::max();
}

time_point supervision::kill_due() const {
  if (!plan_ || killed_) return time_point::max();
  auto at = kill_moment(plan_->stop_at, plan_->deadline);
  return at + std::min(slack(), (plan_->deadline - at) / 2);
}

time_point supervision::plan_due() const { return std::min({stop_due(), dump_due(), kill_due()}); }

pair::plan supervision::configured_plan(time_point first_stop) const {
  auto p = plan_drain({.grace = policy_.grace, .reserve = policy_.reserve, .first_irrevocable = first_stop});
  return {p.stop_at, p.deadline};
}

pair::hello supervision::hello() const {
  pair::hello h;
  h.executor_pid = executor_pid_;
  h.spawned_at = spawned_at_;
  h.generation = agent_.generation();
  h.stop_signals = stops_;
  h.first_stop = first_stop_;
  h.last_stop = last_stop_;
  h.stop_sent = stop_sent_;
  h.ended_at = ended_at_;
  h.ended = ended_;
  h.saved = saved_;
  return h;
}

int supervision::exit_code() const {
  if (!ended_) return 128 + SIGKILL;
  int code = ended_->exit_code();
  bool as_asked = stop_sent_ && std::ranges::count(policy_.success_codes, code) > 0;
  return as_asked ? 0 : code;
}

}  // namespace ebb::core
