#include "agent/http/date.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace ebb::http {

namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<unsigned> number(std::string_view digits) {
  unsigned value = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (ec != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string format_date(rt::wall_time at) {
  const auto days = chrono::floor<chrono::days>(at);
  const chrono::year_month_day date(days);
  const chrono::hh_mm_ss time(chrono::floor<chrono::seconds>(at - days));
  std::array<char, 40> text{};
  const int n = std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                              weekdays[chrono::weekday(days).c_encoding()].data(), static_cast<unsigned>(date.day()),
                              months[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
                              static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                              static_cast<int>(time.seconds().count()));
  return std::string(text.data(), static_cast<std::size_t>(n));
}

std::optional<rt::wall_time> parse_date(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT
  // 0    5  8   12   17 20 23 26
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
      text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT")
    return std::nullopt;
  unsigned month = 0;
  while (month < months.size() && months[month] != text.substr(8, 3)) ++month;
  const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4));
  const auto hours = number(text.substr(17, 2)), minutes = number(text.substr(20, 2)),
             seconds = number(text.substr(23, 2));
  if (month == months.size() || !day || !year || !hours || !minutes || !seconds) return std::nullopt;
  const chrono::year_month_day date(chrono::year(static_cast<int>(*year)), chrono::month(month + 1), chrono::day(*day));
  if (!date.ok() || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return rt::wall_time(chrono::sys_days(date)) + chrono::hours(*hours) + chrono::minutes(*minutes) +
         chrono::seconds(*seconds);
}

}  // namespace ebb::http
