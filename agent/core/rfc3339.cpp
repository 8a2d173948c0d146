#include "agent/core/rfc3339.hpp"

#include <algorithm>
#include <cstdio>

namespace ebb::core {

std::string rfc3339(wall_time t) {
  using namespace std::chrono;
  constexpr auto first = sys_days(year(0) / January / 1), last = sys_days(year(9999) / December / 31);
  const auto day = std::clamp(floor<days>(t), first, last);
  const year_month_day date(day);
  const hh_mm_ss time(std::clamp<milliseconds>(t - day, milliseconds{0}, days{1} - milliseconds{1}));
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return buffer;
}

}  // namespace ebb::core
