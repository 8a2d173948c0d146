#pragma once
// The calendar form of HTTP's Date header: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), whole seconds, UTC.
#include <optional>
#include <string>
#include <string_view>

#include "agent/rt/clock.hpp"

namespace ebb::http {

std::string format_date(rt::wall_time at);

// The preferred form only; the two obsolete ones are nothing, as is any other text.
std::optional<rt::wall_time> parse_date(std::string_view text);

}  // namespace ebb::http
