#include "tools/lab/span_text.hpp"

#include <charconv>

namespace ebb::lab {
namespace {

constexpr double longest = 1e6;  // seconds

std::optional<duration> parse_one(std::string_view text) {
  double n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc() || !(n >= 0)) return std::nullopt;
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  double seconds = 0;
  if (unit == "ms")
    seconds = n / 1000;
  else if (unit == "s" || unit.empty())
    seconds = n;
  else if (unit == "m")
    seconds = n * 60;
  else if (unit == "h")
    seconds = n * 3600;
  else
    return std::nullopt;
  if (!(seconds <= longest)) return std::nullopt;
  return duration(static_cast<std::int64_t>(seconds * 1e9));
}

}  // namespace

std::optional<span> parse_span(std::string_view text) {
  const auto dash = text.find('-');
  const auto least = parse_one(text.substr(0, dash));
  const auto most = dash == std::string_view::npos ? least : parse_one(text.substr(dash + 1));
  if (!least || !most || *most < *least) return std::nullopt;
  return span{*least, *most};
}

}  // namespace ebb::lab
