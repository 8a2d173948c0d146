#include "proto/prometheus/number.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace ebb::prometheus {
namespace {

bool is_sign(char c) { return c == '+' || c == '-'; }
bool begins_nan(char c) { return c == 'n' || c == 'N'; }

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);  // from_chars knows no plus
  if (digits.empty() || (digits.size() < text.size() && is_sign(digits[0]))) return std::nullopt;
  // from_chars also takes "-nan" and "nan(...)", which no parser of the format does.
  const std::string_view magnitude = digits.substr(is_sign(digits[0]) ? 1 : 0);
  const bool nan = !magnitude.empty() && begins_nan(magnitude[0]);
  if (nan && text.size() != 3) return std::nullopt;
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::string format_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), error == std::errc() ? end : text.data()};
}

}  // namespace ebb::prometheus
