#include "agent/core/backoff.hpp"

#include <algorithm>

namespace ebb::core {

namespace {
constexpr unsigned most_doublings = 20;  // keeps the shift from overflowing; any sensible ceiling is reached before
}

duration backoff::next(double unit, duration wish) {
  const auto ceiling = std::min(last_, first_ * (std::int64_t{1} << failures_));
  if (failures_ < most_doublings) ++failures_;
  const duration jittered(static_cast<duration::rep>(static_cast<double>(ceiling.count()) * unit));
  return std::max(jittered, std::min(wish, longest_wish));
}

}  // namespace ebb::core
