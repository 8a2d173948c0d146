#pragma once
// Calendar time as it is written in logs and in /status: "2026-11-24T10:55:09.123Z".
#include <chrono>
#include <string>

namespace ebb::core {

using wall_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// UTC with milliseconds. Years beyond 0000 to 9999 are cut to that range.
std::string rfc3339(wall_time t);

}  // namespace ebb::core
