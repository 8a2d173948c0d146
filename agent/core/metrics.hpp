#pragma once
// Counters of the agent as plain values; probes/ renders them, the journal and the upstreams count.
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "agent/core/state.hpp"
#include "agent/core/time.hpp"

namespace ebb::core {

template <std::size_t N>
struct histogram {
  std::array<double, N> bounds{};         // upper, in seconds, rising
  std::array<std::uint64_t, N> counts{};  // not cumulative
  std::uint64_t count = 0;                // of all, those above the last bound included
  double sum = 0;

  void observe(duration d) {
    const double seconds = std::chrono::duration<double>(d).count();
    ++count;
    sum += seconds;
    for (std::size_t i = 0; i < N; ++i)
      if (seconds <= bounds[i]) {
        ++counts[i];
        return;
      }
  }
};

enum class drain_outcome : std::uint8_t { idle, deadline, hurried, cancelled, executor_exited };
constexpr int outcome_count = 5;
constexpr std::string_view name(drain_outcome o) {
  constexpr std::array<std::string_view, outcome_count> names = {"idle", "deadline", "hurried", "cancelled",
                                                                 "executor_exited"};
  return names[static_cast<std::size_t>(o)];
}

using drain_histogram = histogram<10>;
constexpr drain_histogram drain_seconds{{1, 3, 10, 15, 30, 60, 120, 300, 600, 1800}, {}, 0, 0};

struct metrics {
  std::array<std::array<std::uint64_t, outcome_count>, cause_count> drains{};  // by first cause and outcome
  std::array<drain_histogram, 4> drain_time = {drain_seconds, drain_seconds, drain_seconds, drain_seconds};  // by phase
  std::uint64_t fragments_abandoned = 0;
  std::map<std::string, std::uint64_t> executor_exits;  // by kind: clean, error, signal
};

}  // namespace ebb::core
