#pragma once
// Init's loop: waits for a signal, a record of the agent, the end of a child or the next moment of the plan, tells it
// to the supervision and does what that says.
#include <sys/types.h>

#include <optional>

#include "agent/core/supervise.hpp"
#include "agent/init/spawn.hpp"

namespace ebb::init {

class loop {
 public:
  // The executor runs already, all signals are held. `agent` outlives the loop.
  loop(core::supervise_policy policy, pid_t executor, program& agent, int last_good);
  ~loop();
  loop(const loop&) = delete;

  // Until the supervision says leave; returns its code.
  int run();

 private:
  void wait();
  void read_signals();
  void read_pair();
  void reap();

  void tell(const core::supervise_event& event);
  void act(const core::spawn_agent& a);
  void act(const core::send_record& a);
  void act(const core::close_pair& a);
  void act(const core::signal_agent& a);
  void act(const core::signal_executor& a);
  void act(const core::signal_group& a);
  void act(const core::signal_descendants& a);
  void act(const core::leave& a);

  core::supervision supervision_;
  program& agent_;
  const pid_t executor_pid_;
  const int last_good_;  // for every agent
  pid_t agent_pid_ = 0;
  int signals_ = -1;
  int pair_ = -1;
  std::optional<int> code_;
};

}  // namespace ebb::init
