#pragma once
// PID 1 of a simulated pod: the real decision (core::supervision) with a scripted executor, and the agent's program on
// a host, which is booted, crashed and replaced as init says. Records pass through the real codec.
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/supervise.hpp"
#include "agent/rt/supervisor.hpp"
#include "tests/support/sim/host.hpp"

namespace ebb::sim {

// What the executor does. `hears` replaces all of it: it is told every signal, and calls init::executor_ends().
struct executor_script {
  rt::duration live_after = 5s;  // see init::executor_live()
  rt::duration stop_takes = 2s;  // from the stop signal to its end
  pair::ending on_stop{false, 143};
  bool ignores_stop = false;
  std::optional<rt::duration> dies_after;  // of itself, so long after it was spawned
  pair::ending death{false, 1};
  // A descendant that outlives the executor by so long, unless it is killed; ignores being asked.
  std::optional<rt::duration> descendant_lives;
  std::function<void(int signo)> hears;
};

class init final {
 public:
  using agent_program = std::function<rt::task<>(host&, rt::supervisor&)>;

  init(host& agent_host, core::supervise_policy policy, agent_program agent, executor_script script = {});
  ~init();

  // Spawns the executor; the agent follows at once.
  void start();

  // --- what happens to the pod
  void signal(int signo);                                       // from the container's runtime
  void executor_ends(pair::ending how);                         // for scripts of their own
  void kill_agent();                                            // from outside, SIGKILL
  void kill();                                                  // all of the container, by its runtime
  void freeze_agent() { agent_host_.freeze(); }                 // SIGSTOP: it neither dies nor speaks
  void refuse_agents(bool refuse) { refuse_agents_ = refuse; }  // it cannot be started
  void close_pair_to_agent() { close_pair(); }
  // Told of every record of the agent, before init; the place for "killed right after it saved".
  std::function<void(const pair::record&)> on_record;

  // Told when init has left and everything in the pod is gone.
  std::function<void()> on_left;

  // --- what came of it
  bool executor_runs() const noexcept { return executor_runs_; }
  bool executor_live() const;
  std::optional<pair::ending> executor_end() const noexcept { return executor_end_; }
  std::optional<rt::time_point> executor_ended_at() const noexcept { return executor_ended_at_; }
  // Every signal that the executor was sent, with the world's time.
  const std::vector<std::pair<rt::time_point, int>>& executor_signals() const noexcept { return signals_; }
  std::optional<rt::time_point> first_signal(int signo) const;
  std::optional<int> exit_code() const noexcept { return exit_code_; }  // set once init has left
  std::optional<rt::time_point> left_at() const noexcept { return left_at_; }
  std::size_t agents_started() const noexcept { return agents_; }
  bool agent_runs() const noexcept { return agent_pid_ != 0; }

 private:
  class pair_end;

  rt::task<> run_agent(host& h);
  void tell(const core::supervise_event& e);
  void carry_out(const core::supervise_action& a);
  void arm();
  void spawn_agent();
  void agent_gone(int pid, pair::ending how);
  void signal_executor(int signo);
  void signal_descendants(int signo);
  void close_pair();
  void reap();
  void leave(int code);
  void later(rt::duration d, std::function<void()> what);

  world& world_;
  host& agent_host_;
  core::supervise_policy policy_;
  agent_program agent_;
  executor_script script_;
  std::optional<core::supervision> decide_;
  std::unique_ptr<pair_end> pair_;
  std::optional<world::timer> wake_;

  int next_pid_ = 7;
  int executor_pid_ = 0;
  int agent_pid_ = 0;
  std::size_t agents_ = 0;
  bool refuse_agents_ = false;
  bool executor_runs_ = false;
  bool descendant_runs_ = false;
  rt::time_point executor_started_at_{};
  std::optional<pair::ending> executor_end_;
  std::optional<rt::time_point> executor_ended_at_, left_at_;
  std::vector<std::pair<rt::time_point, int>> signals_;
  std::optional<int> exit_code_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // events in the queue may outlive this object
};

}  // namespace ebb::sim
