#include "config/document.hpp"

#include "config/syntax.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

// toml++ (3.3, 3.4) takes for granted that a header begins like a key; "[[[" and "[=" fail its assertion, and without
// assertions that is undefined behaviour. Here its assertions throw, in every build.
namespace {
struct broken_assumption {};
}  // namespace
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? static_cast<void>(0) : throw broken_assumption{})
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace ebb::config {
namespace {

constexpr std::size_t deepest_list = 2;  // a list in a list fits nowhere; deeper is not looked at

std::string_view foreign_shape(const toml::node& from) {
  if (from.is_table()) return "a table";
  if (from.is_date() || from.is_time() || from.is_date_time()) return "a date or time";
  return "something else";
}

node node_of(const toml::node& from, std::size_t depth = 1) {
  if (const auto* text = from.as_string()) return {text->get()};
  if (const auto* flag = from.as_boolean()) return {flag->get()};
  if (const auto* whole = from.as_integer()) return {std::int64_t{whole->get()}};
  if (const auto* number = from.as_floating_point()) return {number->get()};
  const auto* array = from.as_array();
  if (!array || depth > deepest_list) return {foreign{foreign_shape(from)}};
  node_list list;
  for (const auto& item : *array) list.push_back(node_of(item, depth + 1));
  return {std::move(list)};
}

place place_of(const toml::source_region& region) { return {region.begin.line, region.begin.column}; }

void flatten(const toml::table& root, document& out) {
  for (const auto& [name, item] : root) {
    const auto* table = item.as_table();
    if (!table) {
      out.entries.push_back({"", std::string(name.str()), node_of(item), place_of(name.source())});
      continue;
    }
    out.sections.push_back({std::string(name.str()), place_of(name.source())});
    for (const auto& [leaf, value] : *table)
      out.entries.push_back(
          {std::string(name.str()), std::string(leaf.str()), node_of(value), place_of(leaf.source())});
  }
}

// Offsets [from, to) of a line, counted from 1, without its line end.
struct line_span {
  std::size_t from = 0, to = 0;
};

line_span line_at(std::string_view text, std::size_t number) {
  line_span out;
  for (std::size_t line = 1; line < number; ++line) {
    const auto end = text.find('\n', out.from);
    if (end == std::string_view::npos) return {text.size(), text.size()};
    out.from = end + 1;
  }
  out.to = std::min(text.find('\n', out.from), text.size());
  return out;
}

bool is_header(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] == '[';
}

// Turns a line into blanks, keeping all places as they are. False when there is nothing to blank.
bool blank(std::string& text, line_span line) {
  bool changed = false;
  for (auto i = line.from; i < line.to; ++i) changed |= std::exchange(text[i], ' ') != ' ';
  return changed;
}

// Takes out what the error is about. A broken header takes its section with it: its keys would be judged wrongly.
bool leave_out(std::string& text, std::size_t number) {
  auto line = line_at(text, number);
  const bool header = is_header(std::string_view(text).substr(line.from, line.to - line.from));
  bool changed = blank(text, line);
  while (header) {
    line = line_at(text, ++number);
    if (line.from >= text.size() || is_header(std::string_view(text).substr(line.from, line.to - line.from))) break;
    changed |= blank(text, line);
  }
  return changed;
}

// The header for which toml++ has no error of its own; 1 when there is none.
std::size_t line_of_odd_header(std::string_view text) {
  for (std::size_t number = 1;; ++number) {
    const auto span = line_at(text, number);
    const auto line = text.substr(span.from, span.to - span.from);
    const auto name = is_header(line) ? line.find_first_not_of(" \t", line.find('[') + 1) : std::string_view::npos;
    if (name != std::string_view::npos) {
      const auto second = line[name] == '[' ? line.find_first_not_of(" \t", name + 1) : name;
      if (second != std::string_view::npos && !std::isalnum(static_cast<unsigned char>(line[second])) &&
          std::string_view("_-\"'").find(line[second]) == std::string_view::npos)
        return number;
    }
    if (span.to >= text.size()) return 1;
  }
}

// toml++ quotes parts of what it could not read. Whether that is part of a secret is told by the lines around it,
// except where strings go over several lines: there nothing is quoted.
bool may_quote_secret(std::string_view text, std::size_t number) {
  const auto from = line_at(text, number > 1 ? number - 1 : 1).from;
  const auto lines = text.substr(from, line_at(text, number).to - from);
  for (std::string_view word : {"password", "token", "secret"})
    if (lines.find(word) != std::string_view::npos) return true;
  return text.find("\"\"\"") != std::string_view::npos || text.find("'''") != std::string_view::npos;
}

std::string sentence(std::string_view what) {
  constexpr std::string_view opening = "Error while parsing ";
  if (what.starts_with(opening)) what.remove_prefix(opening.size());
  std::string out = "is not TOML: " + std::string(what);
  std::replace_if(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return out;
}

// Only what begins with a key or is a header: any other line may be the rest of a secret.
bool may_be_shown(std::string_view line) {
  if (is_header(line)) return true;
  const auto key = std::min(line.find('='), line.size());
  const auto last = line.substr(0, key).find_last_not_of(" \t");
  return key < line.size() && last != std::string_view::npos &&
         std::all_of(
             line.begin(), line.begin() + static_cast<std::ptrdiff_t>(last) + 1,
             [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.'; });
}

std::string mend_of(std::string_view text, std::size_t number) {
  const auto span = line_at(text, number);
  auto line = text.substr(span.from, span.to - span.from);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return (may_be_shown(line) ? "; instead of " + shown(line) + " write" : std::string("; write")) +
         " KEY = VALUE, each key once, texts and durations in quotes";
}

// The whole text into `out`, or its first error. `written`: the same places, before anything was left out.
std::optional<syntax_error> try_parse(std::string_view text, std::string_view written, document& out) {
  try {
    const auto parsed = toml::parse(text);
    if (!parsed) {
      const auto at = place_of(parsed.error().source());
      const bool hide = may_quote_secret(written, at.line);
      return syntax_error{hide ? "is not TOML: quotes missing or not closed? Write KEY = \"VALUE\""
                               : sentence(parsed.error().description()) + mend_of(text, at.line),
                          at};
    }
    flatten(parsed.table(), out);
    return std::nullopt;
  } catch (const broken_assumption&) {
    return syntax_error{"is not TOML: a header that names nothing", {line_of_odd_header(text), 1}};
  }
}

}  // namespace

document read_document(std::string_view text) {
  document out;
  std::string remaining(text);
  while (out.errors.size() < most_errors) {
    const auto error = try_parse(remaining, text, out);
    if (!error) break;
    out.errors.push_back(*error);
    if (!leave_out(remaining, error->at.line)) break;
  }
  return out;
}

}  // namespace ebb::config
