#pragma once
// Numbers and times as a person at a terminal reads them.
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/time.hpp"

namespace ebb::cli {

// "0.8 s", "4.2 s", "12 s", "4 min 12 s", "2 h 3 min", "3 d 4 h": two units at most, rounded down. Negative: "0 s".
std::string span_text(core::duration d);

// "1 retry", "2 retries", "0 entries". `many` is the plural where an s does not make it.
std::string counted(std::int64_t n, std::string_view one, std::string_view many = {});

// The end of a drain that was waited for.
std::string drained_text(bool on_the_list);

}  // namespace ebb::cli
