#pragma once
// One line of the text exposition format 0.0.4.
//
// Accepts the union of what the parsers in use accept (Prometheus' server 2.x and 3.x, expfmt): blanks and tabs
// anywhere between tokens and at both ends, a CR before the line's end, a comma after the last label, any comment,
// quoted UTF-8 names inside the braces ({"my.name",k="v"} 1), unknown escapes (kept), negative timestamps.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ebb::prometheus {

// Views into the line.
struct sample {
  std::string_view name;    // as written: within quotes it may hold escapes, see unescape()
  std::string_view labels;  // what stands between the braces, the quoted name too; empty without braces
  double value = 0;
  std::optional<std::int64_t> timestamp;  // milliseconds since the epoch
};

enum class line_kind { blank, comment, sample, malformed };

struct exposition_line {
  line_kind kind = line_kind::blank;
  prometheus::sample sample;  // of a malformed line: what could be read of it, the name at least when it has one
  std::string_view expected;  // of a malformed line: what should have been there
  std::string_view rest;      // ... and what was
};

// `line` comes without its LF. Allocates nothing.
exposition_line parse_line(std::string_view line);

// The letters, digits, '_' and ':' of a name outside quotes (a digit cannot be the first).
bool is_name_character(char c);

// Replaces \\, \" and \n; every other escape stays as it is.
std::string unescape(std::string_view text);

using label = std::pair<std::string, std::string>;

// The labels of a sample that parse_line accepted, in their order, unescaped, without the quoted name.
std::vector<label> read_labels(std::string_view labels);

}  // namespace ebb::prometheus
