// PromQL: no value leaves its quotes.
#include <string>

#include "proto/prometheus/promql.hpp"
#include "tests/fuzz/property.hpp"

using ebb::fuzz::require;

namespace {

// A quoted string of Go: printable, and no quote within that is not escaped.
bool is_one_string(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return false;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '"') return false;
    if (quoted[i] != '\\') continue;
    ++i;
    if (i + 1 >= quoted.size() || std::string_view("\\\"nx").find(quoted[i]) == std::string_view::npos) return false;
  }
  return ebb::fuzz::is_one_line(quoted);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value = ebb::fuzz::text(data, size);
  require(is_one_string(ebb::prometheus::quote(value)), "a value stays within its quotes");
  require(is_one_string(ebb::prometheus::quote(ebb::prometheus::escape_regex(value))), "a pattern too");
  return 0;
}
