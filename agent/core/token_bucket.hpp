#pragma once
// The retry budget of one upstream. A first attempt is never refused; a retry takes a token, a success pays back a
// fraction of one. A fleet in trouble so sends at most (1 + ratio) times its normal load, plus the floor: one retry
// each five seconds is granted however empty the bucket is, or it would never fill again. Time is passed in.
#include <cstdint>

#include "agent/core/time.hpp"

namespace ebb::core {

class token_bucket {
 public:
  static constexpr duration floor_interval = 5s;

  // Starts full.
  token_bucket(double burst, double ratio);

  // One retry, now. False: the budget is used up; ask again at free_at().
  bool take(time_point now);
  void success();

  // When the floor grants the next retry, unless a success fills the bucket before.
  time_point free_at() const { return last_retry_ + floor_interval; }

  double tokens() const { return tokens_; }
  std::uint64_t refused() const { return refused_; }

  // New limits keep what is in the bucket, as far as it holds it.
  void configure(double burst, double ratio);

 private:
  double burst_;
  double ratio_;
  double tokens_;
  time_point last_retry_{};  // the first use of the floor finds it long past
  std::uint64_t refused_ = 0;
};

}  // namespace ebb::core
