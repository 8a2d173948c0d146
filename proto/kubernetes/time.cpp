#include "proto/kubernetes/time.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace ebb::kubernetes {
namespace {

constexpr std::size_t up_to_seconds = std::string_view("2026-11-24T10:56:09").size();

// ISO 8601 allows more: no seconds, no zone, a zone without its colon.
bool is_rfc3339(std::string_view text) {
  if (text.size() <= up_to_seconds || text[16] != ':') return false;
  if (text.ends_with('Z')) return true;
  constexpr std::size_t zone = std::string_view("+01:00").size();
  const std::string_view end = text.substr(text.size() - zone);
  return (end[0] == '+' || end[0] == '-') && end[3] == ':';
}

using std::chrono::sys_days;
using std::chrono::year;

// What four digits of a year can say.
constexpr micro_time first = sys_days(year(0) / 1 / 1);
constexpr micro_time last = sys_days(year(10000) / 1 / 1) - std::chrono::microseconds(1);

void append(std::string& out, std::int64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  out.append(digits - std::min(digits, text.size()), '0').append(text);
}

}  // namespace

std::optional<time_point> parse_time(std::string_view text) {
  return is_rfc3339(text) ? proto::parse_iso_time(text) : std::nullopt;
}

std::optional<micro_time> parse_micro_time(std::string_view text) {
  const std::optional<micro_time> time = is_rfc3339(text) ? proto::parse_iso_time_us(text) : std::nullopt;
  return time && *time >= first && *time <= last ? time : std::nullopt;
}

std::string write_micro_time(micro_time time) {
  using namespace std::chrono;
  time = std::clamp(time, first, last);
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);
  std::string text;
  append(text, static_cast<int>(date.year()), 4);
  append(text += '-', static_cast<unsigned>(date.month()), 2);
  append(text += '-', static_cast<unsigned>(date.day()), 2);
  append(text += 'T', clock.hours().count(), 2);
  append(text += ':', clock.minutes().count(), 2);
  append(text += ':', clock.seconds().count(), 2);
  append(text += '.', clock.subseconds().count(), 6);
  return text += 'Z';
}

}  // namespace ebb::kubernetes
