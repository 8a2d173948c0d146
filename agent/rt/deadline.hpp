#pragma once
// A deadline is an absolute value that is passed down and only ever narrowed.
#include <algorithm>

#include "agent/rt/clock.hpp"

namespace ebb::rt {

class deadline {
 public:
  deadline(clock_source& clock, time_point at) : clock_(&clock), at_(at) {}
  static deadline after(clock_source& clock, duration d) { return {clock, clock.now() + d}; }
  static deadline never(clock_source& clock) { return {clock, time_point::max()}; }

  // The earlier of this deadline and `d` from now.
  deadline sooner(duration d) const { return {*clock_, std::min(at_, clock_->now() + d)}; }
  deadline sooner(time_point at) const { return {*clock_, std::min(at_, at)}; }

  bool passed() const { return clock_->now() >= at_; }
  duration left() const {
    return at_ == time_point::max() ? duration::max() : std::max(duration{0}, at_ - clock_->now());
  }
  clock_source& clock() const { return *clock_; }
  time_point at() const { return at_; }

 private:
  clock_source* clock_;
  time_point at_;
};

}  // namespace ebb::rt
