#pragma once
// What init does, as a pure function of what happened: it owns no process, no clock and no descriptor.
//
// Init tells every event, with its time, to one `supervision` and carries out the actions that come back, in order;
// between events it sleeps until wake_at(). Events that are late by some milliseconds are harmless. The rules:
//  - The agent is replaced whenever it is gone (agent_process). One that is silent for 15 s, breaks the pair or sends
//  what
//    is no record of an agent is killed first.
//  - The first stop signal starts the configured plan; an agent's plan replaces it, the last one wins. Init carries a
//  plan
//    out by itself: at once where no agent is connected, agent_slack late where one is, since it should have done so.
//  - After the executor's end the agent has 10 s for its farewell; then the pair is closed, and what is left of the
//    descendants is asked to end and then made to, within the reserve. All of it before the deadline, where there is
//    one.
#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "agent/core/agent_process.hpp"
#include "agent/core/time.hpp"
#include "proto/init/records.hpp"

namespace ebb::core {

struct supervise_policy {
  std::optional<duration> grace{};    // as configured; nothing: assumed
  std::optional<duration> reserve{};  // as configured; nothing: derived
  int stop_signal = 15;
  std::vector<int> success_codes = {0, 143, 4};
  std::vector<int> forward{};  // signals that reach the executor only because the configuration names them
  bool in_kubernetes = false;  // a second stop signal means hurry outside, a runtime's repetition inside
};

// Events.
struct signal_arrived {
  int signo;
};
struct child_ended {  // reaped: the executor, the agent, or an orphan
  int pid;
  pair::ending how;
};
struct no_children_left {};
struct agent_spawned {  // the answer to spawn_agent, at once
  int pid;
};
struct agent_spawn_failed {};  // the other answer
struct record_received {
  pair::record what;
};
struct pair_broken {};  // EOF, or a packet that is no record of the agent
struct time_passed {};
using supervise_event = std::variant<signal_arrived, child_ended, no_children_left, agent_spawned, agent_spawn_failed,
                                     record_received, pair_broken, time_passed>;

// Actions. What cannot be done any more (a process that is gone, a full queue) is not an error.
struct spawn_agent {};  // with a new pair; answered by agent_spawned or agent_spawn_failed
struct send_record {
  pair::record what;
};
struct close_pair {};
struct signal_agent {
  int signo;
};
struct signal_executor {  // its pid only
  int signo;
};
struct signal_group {  // the executor's process group
  int signo;
};
struct signal_descendants {
  int signo;
};
struct leave {
  int code;
};
using supervise_action = std::variant<spawn_agent, send_record, close_pair, signal_agent, signal_executor, signal_group,
                                      signal_descendants, leave>;

// The actions of one event: a list of fixed capacity, since init's loop does not allocate.
class supervise_actions {
 public:
  void add(const supervise_action& a);
  const supervise_action* begin() const { return items_.data(); }
  const supervise_action* end() const { return items_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t capacity = 16;
  std::array<supervise_action, capacity> items_{};
  std::size_t size_ = 0;
};

class supervision {
 public:
  // The executor runs, no agent yet: the first one is spawned at the next time_passed.
  supervision(supervise_policy policy, int executor_pid, time_point spawned_at);

  supervise_actions handle(time_point now, const supervise_event& event);

  // When time_passed is due; never in the past of the last event once that was handled.
  time_point wake_at() const;

 private:
  // farewell: the executor has ended, the agent tidies up; clearing: the pair is closed, descendants are awaited.
  enum class phase { supervising, farewell, clearing, left };

  void on(time_point now, const signal_arrived& e);
  void on(time_point now, const child_ended& e);
  void on(time_point now, const no_children_left& e);
  void on(time_point now, const agent_spawned& e);
  void on(time_point now, const agent_spawn_failed& e);
  void on(time_point now, const record_received& e);
  void on(time_point now, const pair_broken& e);
  void on(time_point, const time_passed&) {}

  void count_stop(time_point now, int signo);
  void take_order(time_point now, int signo);
  void stop_executor(time_point now, int signo);
  void kill_executor(time_point now);
  void end_executor(time_point now, pair::ending how);
  void begin_clearing(time_point now);
  void leave_now();

  void look_at_time(time_point now);
  void run_plan(time_point now);
  void keep_agent(time_point now);
  void drop_agent(time_point kill_at);

  time_point plan_due() const;
  time_point stop_due() const;
  time_point dump_due() const;
  time_point kill_due() const;
  duration slack() const;
  pair::plan configured_plan(time_point first_stop) const;
  pair::hello hello() const;
  int exit_code() const;
  void act(const supervise_action& a) { out_->add(a); }

  const supervise_policy policy_;
  const duration reserve_;
  supervise_actions* out_ = nullptr;  // set inside handle() only

  const int executor_pid_;
  const time_point spawned_at_;
  std::optional<pair::ending> ended_;
  std::optional<time_point> ended_at_;

  std::uint32_t stops_ = 0;
  std::uint32_t reloads_ = 0;
  std::optional<time_point> first_stop_, last_stop_;
  std::optional<pair::plan> plan_;
  std::optional<time_point> stop_sent_;
  bool dumped_ = false;
  bool killed_ = false;

  agent_process agent_;
  pair::saved_blob saved_;

  phase phase_ = phase::supervising;
  time_point farewell_until_{};
  time_point kill_descendants_at_{};
  time_point leave_at_{};  // whoever is left then belongs to the kernel
};

}  // namespace ebb::core
