#pragma once
// Points in time as Dremio's JSON has them.
#include <chrono>
#include <optional>
#include <string_view>

namespace ebb::dremio {

using milliseconds_since_epoch = std::chrono::sys_time<std::chrono::milliseconds>;

// "2025-09-15T08:30:00.123Z", "+00:00", "+0000" or no zone (Dremio runs with TZ=UTC); seconds and fraction are
// optional, digits beyond the millisecond are dropped. Nothing for any other form and for a date that is not in the
// calendar.
std::optional<milliseconds_since_epoch> parse_iso_time(std::string_view text);

}  // namespace ebb::dremio
