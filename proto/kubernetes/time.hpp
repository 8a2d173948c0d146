#pragma once
// Kubernetes' two kinds of time. metav1.Time is RFC 3339 in whole seconds; MicroTime, which Lease and Event have, is
// answered with 400 unless it has exactly six digits of a second. Both are on the API server's clock.
#include <optional>
#include <string>
#include <string_view>

#include "proto/iso_time.hpp"

namespace ebb::kubernetes {

using time_point = proto::milliseconds_since_epoch;
using micro_time = proto::microseconds_since_epoch;

// RFC 3339: seconds and zone are there. Digits beyond the millisecond are dropped. Nothing for any other form.
std::optional<time_point> parse_time(std::string_view text);

// The same, to the microsecond; nothing for what write_micro_time cannot say either.
std::optional<micro_time> parse_micro_time(std::string_view text);

// "2026-11-24T10:56:09.123456Z". What the four digits of a year cannot say is written as the nearest that they can.
std::string write_micro_time(micro_time time);

}  // namespace ebb::kubernetes
