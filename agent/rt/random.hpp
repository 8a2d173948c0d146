#pragma once
#include <cstdint>

#include "agent/rt/clock.hpp"

namespace ebb::rt {

// Randomness as a seam. Not for secrets.
class random_source {
 public:
  virtual ~random_source() = default;
  virtual std::uint64_t next() = 0;

  // Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // Uniform in [low, high).
  duration between(duration low, duration high) {
    return low + duration(static_cast<std::int64_t>(static_cast<double>((high - low).count()) * unit()));
  }
};

}  // namespace ebb::rt
