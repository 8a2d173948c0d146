#pragma once
// The agent as init sees it: a process that is started, speaks, falls silent, ends and is started again.
//
// Started again 100 ms after its end, twice as late after each further one up to 5 s; one that lived for 10 s begins
// anew at 100 ms, so that a liveness probe of 3 x 10 s never fires because of one crash.
#include <cstdint>

#include "agent/core/time.hpp"

namespace ebb::core {

class agent_process {
 public:
  explicit agent_process(time_point first_start) : due_(first_start) {}

  bool connected() const { return phase_ == phase::connected; }
  bool absent() const { return phase_ == phase::absent; }
  int pid() const { return pid_; }                          // 0: no process
  std::uint32_t generation() const { return generation_; }  // of the connected one; 0 is the first
  bool hopeless() const { return back_off_ > patience; }    // it died young three times in a row

  // The next moment at which one of the three below becomes true.
  time_point due() const { return due_; }
  bool to_be_started(time_point now) const { return absent() && now >= due_; }
  bool silent(time_point now) const { return connected() && now >= due_; }
  bool to_be_killed(time_point now) const { return phase_ == phase::disconnected && now >= due_; }

  void starting();  // the answer is started() or ended()
  void started(time_point now, int pid);
  void heard(time_point now);           // `alive`
  void disconnect(time_point kill_at);  // its pair is closed: it ends by EOF, or is killed
  void killed() { due_ = time_point::max(); }
  void ended(time_point now);  // reaped, or could not be started

 private:
  enum class phase { absent, starting, connected, disconnected };
  static constexpr duration first_back_off = 100ms;
  static constexpr duration last_back_off = 5s;
  static constexpr duration patience = 400ms;
  static constexpr duration good_life = 10s;
  static constexpr duration silence = 15s;  // without `alive`, which comes each 5 s

  phase phase_ = phase::absent;
  int pid_ = 0;
  std::uint32_t generation_ = 0;
  std::uint32_t starts_ = 0;
  time_point since_{};
  time_point due_;
  duration back_off_ = first_back_off;
};

}  // namespace ebb::core
