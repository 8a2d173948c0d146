#pragma once
// How long to pause before trying again: exponential with full jitter, so that a fleet that failed together does not
// come back together. Randomness is passed in.
#include "agent/core/time.hpp"

namespace ebb::core {

class backoff {
 public:
  static constexpr duration first_ceiling = 100ms;
  static constexpr duration last_ceiling = 5s;
  // A server may ask for more than the last ceiling (Retry-After), but not for an hour: it may be lying.
  static constexpr duration longest_wish = 60s;

  explicit backoff(duration first = first_ceiling, duration last = last_ceiling) : first_(first), last_(last) {}

  // The next pause: uniform in [0, ceiling), but at least what the server wished. `unit` is uniform in [0, 1). The
  // ceiling doubles with each call.
  duration next(double unit, duration wish = duration::zero());

  void reset() { failures_ = 0; }  // after a success
  unsigned failures() const { return failures_; }

 private:
  duration first_;
  duration last_;
  unsigned failures_ = 0;
};

}  // namespace ebb::core
