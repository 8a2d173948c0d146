#include "agent/core/duration_text.hpp"

#include <cstdio>

namespace ebb::core {

std::string text(duration d) {
  if (d < 0s) return "-" + text(-d);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
  char buffer[48];
  if (ms < 1'000)
    std::snprintf(buffer, sizeof buffer, "%lld ms", static_cast<long long>(ms));
  else if (ms < 10'000)
    std::snprintf(buffer, sizeof buffer, "%.1f s", static_cast<double>(ms / 100) / 10.0);
  else if (ms < 3'600'000)
    std::snprintf(buffer, sizeof buffer, "%lld s", static_cast<long long>(ms / 1'000));
  else
    std::snprintf(buffer, sizeof buffer, "%lld h %lld min", static_cast<long long>(ms / 3'600'000),
                  static_cast<long long>(ms / 60'000 % 60));
  return buffer;
}

}  // namespace ebb::core
