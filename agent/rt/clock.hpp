#pragma once
// Time as a seam: duties never ask the machine, so that whole fleets run on virtual time.
#include <chrono>

#include "agent/core/time.hpp"
#include "agent/rt/task.hpp"

namespace ebb::rt {

using namespace std::chrono_literals;
using core::duration;
using core::time_point;

// Calendar time, for people and for comparing with timestamps of other machines. May jump.
using wall_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

class clock_source {
 public:
  virtual ~clock_source() = default;
  virtual time_point now() const noexcept = 0;
  virtual wall_time wall_now() const noexcept = 0;

  // Returns at `at` or as soon as it has passed. Cancelled: throws operation_aborted.
  virtual task<> sleep_until(time_point at) = 0;
  task<> sleep_for(duration d) { return sleep_until(now() + d); }
};

}  // namespace ebb::rt
