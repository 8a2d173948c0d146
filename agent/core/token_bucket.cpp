#include "agent/core/token_bucket.hpp"

#include <algorithm>

namespace ebb::core {

namespace {
// Ten successes at a ratio of 0.1 make one token, although 0.1 is not exact in binary.
constexpr double rounding = 1e-9;
}  // namespace

token_bucket::token_bucket(double burst, double ratio) : burst_(burst), ratio_(ratio), tokens_(burst) {}

bool token_bucket::take(time_point now) {
  if (tokens_ >= 1 - rounding) {
    tokens_ = std::max(0.0, tokens_ - 1);
  } else if (now < free_at()) {
    ++refused_;
    return false;
  }
  last_retry_ = now;
  return true;
}

void token_bucket::success() { tokens_ = std::min(burst_, tokens_ + ratio_); }

void token_bucket::configure(double burst, double ratio) {
  burst_ = burst;
  ratio_ = ratio;
  tokens_ = std::min(tokens_, burst_);
}

}  // namespace ebb::core
