#pragma once
// Prometheus as the stand-in for a scrape that fails: raw samples with their own timestamps, judged for freshness.
#include <string>
#include <vector>

#include "agent/core/time.hpp"

namespace ebb::core {

using unix_ms = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

struct raw_sample {
  unix_ms at{};
  double value = 0;
};

struct stand_in {
  // At least three distinct timestamps, the newest at most two scrape intervals old, none in the future.
  bool fresh = false;
  std::string why;                  // not fresh: the reason, for people
  std::vector<raw_sample> samples;  // in time order, distinct; the newest last
  duration interval{};              // the median of the last differences
};

constexpr std::size_t stand_in_samples = 3;

// `now` is Prometheus' own time; what is dated after it says nothing about the past. Values that are negative or not
// finite make it not fresh: they are unknown, not zero.
stand_in judge_stand_in(std::vector<raw_sample> samples, unix_ms now);

}  // namespace ebb::core
