#pragma once
// Durations as people write them: whole numbers with a unit, "500ms", "10s", "1m30s", "1h". A bare number has no unit
// and is refused; so are fractions (write the smaller unit) and anything longer than `longest`, so that later sums of a
// few durations cannot overflow.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace ebb::config {

inline constexpr duration longest = std::chrono::hours(24 * 366);

enum class duration_fault { none, empty, no_unit, unknown_unit, fraction, order, too_long, malformed };

struct duration_text {
  duration value{};
  duration_fault fault = duration_fault::none;
};

// Units: h, m, s, ms, each at most once and the larger first.
duration_text parse_duration(std::string_view text);

// What is wrong, as the middle of a sentence: "has no unit".
std::string_view describe(duration_fault fault);

// One number with its unit: whole hours as "1h", else seconds as people count a grace period ("600s"), else
// milliseconds. parse_duration gives the same value back.
std::string format_duration(duration value);

}  // namespace ebb::config
