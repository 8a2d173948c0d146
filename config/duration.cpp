#include "config/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace ebb::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array units{unit{"h", 3'600'000}, unit{"m", 60'000}, unit{"s", 1'000}, unit{"ms", 1}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view take_while(std::string_view& text, bool (*wanted)(char)) {
  std::size_t n = 0;
  while (n < text.size() && wanted(text[n])) ++n;
  auto taken = text.substr(0, n);
  text.remove_prefix(n);
  return taken;
}

}  // namespace

duration_text parse_duration(std::string_view text) {
  auto failed = [](duration_fault fault) { return duration_text{{}, fault}; };
  if (text.empty()) return failed(duration_fault::empty);
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    auto digits = take_while(text, is_digit);
    if (digits.empty()) return failed(duration_fault::malformed);
    if (text.starts_with('.') || text.starts_with(',')) return failed(duration_fault::fraction);
    auto name = take_while(text, is_letter);
    if (name.empty()) return failed(text.empty() ? duration_fault::no_unit : duration_fault::malformed);
    std::size_t found = 0;
    while (found < units.size() && units[found].name != name) ++found;
    if (found == units.size()) return failed(duration_fault::unknown_unit);
    if (found < next_unit) return failed(duration_fault::order);
    next_unit = found + 1;
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || number > longest.count() / units[found].milliseconds)
      return failed(duration_fault::too_long);
    total += number * units[found].milliseconds;
    if (total > longest.count()) return failed(duration_fault::too_long);
  }
  return {duration(total), duration_fault::none};
}

std::string_view describe(duration_fault fault) {
  switch (fault) {
    case duration_fault::none: return "is a duration";
    case duration_fault::empty: return "is empty";
    case duration_fault::no_unit: return "has no unit";
    case duration_fault::unknown_unit: return "has a unit other than ms, s, m, h";
    case duration_fault::fraction: return "has a fraction";
    case duration_fault::order: return "names its units twice or the smaller one first";
    case duration_fault::too_long: return "is longer than a year";
    case duration_fault::malformed: break;
  }
  return "is not a duration";
}

std::string format_duration(duration value) {
  if (value.count() == 0) return "0s";
  for (const auto& u : units)
    if (u.name != "m" && value.count() % u.milliseconds == 0)
      return std::to_string(value.count() / u.milliseconds).append(u.name);
  return {};
}

}  // namespace ebb::config
