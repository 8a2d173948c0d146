#pragma once
// Durations as people read them in logs and in /status: "210 ms", "4.2 s", "598 s", "2 h 3 min".
#include <string>

#include "agent/core/time.hpp"

namespace ebb::core {

std::string text(duration d);

}  // namespace ebb::core
