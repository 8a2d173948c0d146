#pragma once
// Points in time as JSON of Dremio and of Kubernetes has them.
#include <chrono>
#include <optional>
#include <string_view>

namespace ebb::proto {

using milliseconds_since_epoch = std::chrono::sys_time<std::chrono::milliseconds>;
using microseconds_since_epoch = std::chrono::sys_time<std::chrono::microseconds>;

// "2025-09-15T08:30:00.123Z", "+00:00", "+0000" or no zone (Dremio runs with TZ=UTC); seconds and fraction are
// optional, digits beyond the microsecond are dropped. Nothing for any other form and for a date that is not in the
// calendar.
std::optional<microseconds_since_epoch> parse_iso_time_us(std::string_view text);

// The same, without what is beyond the millisecond.
std::optional<milliseconds_since_epoch> parse_iso_time(std::string_view text);

}  // namespace ebb::proto
