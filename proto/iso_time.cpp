#include "proto/iso_time.hpp"

#include <cstddef>

namespace ebb::proto {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class cursor {
 public:
  explicit cursor(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }

  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  // Exactly `count` digits.
  std::optional<int> number(std::size_t count) {
    if (text_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(text_[i])) return std::nullopt;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }

  // The digits after the point as microseconds; at least one.
  std::optional<std::chrono::microseconds> fraction() {
    std::size_t digits = 0;
    int value = 0;
    for (int weight = 100000; digits < text_.size() && is_digit(text_[digits]); ++digits, weight /= 10) {
      value += weight * (text_[digits] - '0');
    }
    text_.remove_prefix(digits);
    return digits == 0 ? std::nullopt : std::optional(std::chrono::microseconds(value));
  }

 private:
  std::string_view text_;
};

std::optional<std::chrono::sys_days> read_date(cursor& c) {
  const auto year = c.number(4);
  if (!year || !c.take('-')) return std::nullopt;
  const auto month = c.number(2);
  if (!month || !c.take('-')) return std::nullopt;
  const auto day = c.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

std::optional<std::chrono::microseconds> read_time_of_day(cursor& c) {
  const auto hour = c.number(2);
  if (!hour || *hour > 23 || !c.take(':')) return std::nullopt;
  const auto minute = c.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  std::chrono::microseconds time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (!c.take(':')) return time;
  const auto second = c.number(2);
  if (!second || *second > 60) return std::nullopt;  // 60: a leap second
  time += std::chrono::seconds(*second);
  if (!c.take('.')) return time;
  const auto fraction = c.fraction();
  return fraction ? std::optional(time + *fraction) : std::nullopt;
}

// East of Greenwich, up to the end of the text.
std::optional<std::chrono::minutes> read_zone(cursor& c) {
  if (c.done()) return std::chrono::minutes(0);
  if (c.take('Z')) return c.done() ? std::optional(std::chrono::minutes(0)) : std::nullopt;
  const bool west = c.take('-');
  if (!west && !c.take('+')) return std::nullopt;
  const auto hours = c.number(2);
  c.take(':');
  const auto minutes = hours && !c.done() ? c.number(2) : std::optional(0);
  if (!hours || *hours > 23 || !minutes || *minutes > 59 || !c.done()) return std::nullopt;
  const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return west ? -offset : offset;
}

}  // namespace

std::optional<microseconds_since_epoch> parse_iso_time_us(std::string_view text) {
  cursor c(text);
  const auto date = read_date(c);
  if (!date || !c.take('T')) return std::nullopt;
  const auto time = read_time_of_day(c);
  if (!time) return std::nullopt;
  const auto zone = read_zone(c);
  if (!zone) return std::nullopt;
  return microseconds_since_epoch(*date) + *time - *zone;
}

std::optional<milliseconds_since_epoch> parse_iso_time(std::string_view text) {
  const auto exact = parse_iso_time_us(text);
  return exact ? std::optional(std::chrono::floor<std::chrono::milliseconds>(*exact)) : std::nullopt;
}

}  // namespace ebb::proto
