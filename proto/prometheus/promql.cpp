#include "proto/prometheus/promql.hpp"

#include <algorithm>
#include <cassert>

#include "proto/printable.hpp"

namespace ebb::prometheus {
namespace {

void append_hex(std::string& to, char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  to.append("\\x").append(1, digits[value >> 4]).append(1, digits[value & 0xf]);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string quote(std::string_view value) {
  std::string quoted = "\"";
  while (!value.empty()) {
    const std::size_t length = proto::utf8_sequence_length(value);
    const std::string_view sequence = value.substr(0, length == 0 ? 1 : length);
    value.remove_prefix(sequence.size());
    const char first = sequence[0];
    if (first == '\n') {
      quoted += "\\n";
    } else if (length == 0 || is_control(first)) {
      append_hex(quoted, first);
    } else if (first == '\\' || first == '"') {
      quoted.append("\\").append(sequence);
    } else {
      quoted += sequence;
    }
  }
  return quoted += '"';
}

std::string escape_regex(std::string_view text) {
  constexpr std::string_view special = "\\.+*?()|[]{}^$";
  std::string escaped;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string exact_matchers(std::span<const matcher> matchers) {
  std::string list;
  for (const auto& [label, value] : matchers) {
    if (!list.empty()) list += ',';
    list.append(label).append("=").append(quote(value));
  }
  return list;
}

std::string range_selector(std::span<const std::string> names, std::string_view matchers, std::chrono::seconds range) {
  assert(!names.empty());
  const std::string window = "[" + std::to_string(std::max(range, std::chrono::seconds(1)).count()) + "s]";
  if (names.size() == 1) return names[0] + "{" + std::string(matchers) + "}" + window;
  std::string any;
  for (const std::string& name : names) any.append(any.empty() ? "" : "|").append(escape_regex(name));
  const std::string separator = matchers.empty() ? "" : ",";
  return "{__name__=~" + quote(any) + separator + std::string(matchers) + "}" + window;
}

}  // namespace ebb::prometheus
