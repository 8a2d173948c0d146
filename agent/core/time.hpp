#pragma once
// The units of time that decisions are made in.
#include <chrono>

namespace ebb::core {

using namespace std::chrono_literals;
using duration = std::chrono::nanoseconds;

// Monotonic time. The epoch is the machine's (CLOCK_MONOTONIC), the same for both processes of one container.
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

}  // namespace ebb::core
