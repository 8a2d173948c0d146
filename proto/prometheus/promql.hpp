#pragma once
// Queries in PromQL, for servers from 2.x on: legacy metric and label names only.
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ebb::prometheus {

// In double quotes, escaped as Go does; a byte that is no UTF-8 becomes \xHH.
std::string quote(std::string_view value);

// Matches `text` literally within =~ and !~; still to be quoted.
std::string escape_regex(std::string_view text);

// namespace="a",pod="b"
using matcher = std::pair<std::string_view, std::string_view>;
std::string exact_matchers(std::span<const matcher> matchers);

// NAME{matchers}[30s]; for several names {__name__=~"A|B",matchers}[30s], whose series tell their names. `matchers` is
// what stands between braces, and may be empty. `range` is at least 1 s and is rounded down to whole seconds.
std::string range_selector(std::span<const std::string> names, std::string_view matchers, std::chrono::seconds range);

}  // namespace ebb::prometheus
