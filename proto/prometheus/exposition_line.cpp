#include "proto/prometheus/exposition_line.hpp"

#include <charconv>

#include "proto/prometheus/number.hpp"

namespace ebb::prometheus {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Reads tokens off the front of a text.
class cursor {
 public:
  explicit cursor(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  std::string_view rest() const { return text_; }
  bool at(char c) const { return text_.starts_with(c); }

  void blanks() { take_while(is_blank); }

  bool take(char c) {
    if (!at(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  template <class Predicate>
  std::string_view take_while(Predicate belongs) {
    std::size_t length = 0;
    while (length < text_.size() && belongs(text_[length])) ++length;
    const std::string_view token = text_.substr(0, length);
    text_.remove_prefix(length);
    return token;
  }

  std::string_view metric_name() {
    return done() || is_digit(text_[0]) ? std::string_view() : take_while(is_name_character);
  }
  std::string_view label_name() {
    return done() || is_digit(text_[0]) ? std::string_view()
                                        : take_while([](char c) { return is_letter(c) || is_digit(c); });
  }
  std::string_view word() {
    return take_while([](char c) { return !is_blank(c); });
  }

  // What is between two quotes, escapes as written; nothing, and nothing taken, when there are no two.
  std::optional<std::string_view> quoted() {
    if (!at('"')) return std::nullopt;
    for (std::size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        const std::string_view inside = text_.substr(1, i - 1);
        text_.remove_prefix(i + 1);
        return inside;
      }
    }
    return std::nullopt;
  }

 private:
  std::string_view text_;
};

// One element between the braces. A name of a metric has no value.
struct brace_element {
  std::string_view name;
  std::optional<std::string_view> value;
};

// Hands each element to `take` up to and with the closing brace, which must be there. Returns what was missing, or "".
template <class Take>
std::string_view walk_braces(cursor& c, Take take) {
  for (c.blanks(); !c.take('}'); c.blanks()) {
    const std::optional<std::string_view> quoted = c.quoted();
    brace_element element{quoted ? *quoted : c.label_name(), {}};
    if (!quoted && element.name.empty()) return "a label name or '}'";
    c.blanks();
    if (c.take('=')) {
      c.blanks();
      element.value = c.quoted();
      if (!element.value) return "a label value in quotes";
    } else if (!quoted) {
      return "'=' after the label name";
    }
    if (const std::string_view missing = take(element); !missing.empty()) return missing;
    c.blanks();
    if (!c.take(',') && !c.at('}')) return "',' or '}' after the label";
  }
  return {};
}

std::string_view scan_braces(cursor& c, sample& s) {
  const std::string_view from = c.rest();
  const std::string_view missing = walk_braces(c, [&](const brace_element& element) -> std::string_view {
    if (element.value) return {};
    if (!s.name.empty() || element.name.empty()) return "one name of a metric";
    s.name = element.name;
    return {};
  });
  if (missing.empty()) s.labels = from.substr(0, from.size() - c.rest().size() - 1);
  return missing;
}

std::optional<std::int64_t> parse_timestamp(std::string_view word) {
  if (word.starts_with('+') && !word.starts_with("+-")) word.remove_prefix(1);
  std::int64_t milliseconds = 0;
  const char* end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, milliseconds);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return milliseconds;
}

// Returns what was missing, or "".
std::string_view scan_sample(cursor& c, sample& s) {
  s.name = c.metric_name();
  if (s.name.empty() && !c.at('{')) return "the name of a metric";
  c.blanks();
  const bool braces = c.take('{');
  if (braces) {
    if (const std::string_view missing = scan_braces(c, s); !missing.empty()) return missing;
    if (s.name.empty()) return "the name of a metric before '{' or first after it";
  }
  const bool apart = braces || c.rest().data() != s.name.data() + s.name.size();
  c.blanks();
  const cursor before_value = c;
  const std::optional<double> value = apart ? parse_number(c.word()) : std::nullopt;
  if (!value) {
    c = before_value;
    return "a number";
  }
  s.value = *value;
  c.blanks();
  if (c.done()) return {};
  const cursor before_timestamp = c;
  s.timestamp = parse_timestamp(c.word());
  c.blanks();
  if (s.timestamp && c.done()) return {};
  c = before_timestamp;
  return "a timestamp in milliseconds or the end of the line";
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return line;
}

}  // namespace

bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == ':'; }

exposition_line parse_line(std::string_view line) {
  exposition_line parsed;
  cursor c(trimmed(line));
  if (c.done()) return parsed;
  if (c.at('#')) {
    parsed.kind = line_kind::comment;
    return parsed;
  }
  parsed.expected = scan_sample(c, parsed.sample);
  parsed.kind = parsed.expected.empty() ? line_kind::sample : line_kind::malformed;
  parsed.rest = c.rest();
  return parsed;
}

std::string unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '\\' || next == '"') {
      plain += next;
      ++i;
    } else if (next == 'n') {
      plain += '\n';
      ++i;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::vector<label> read_labels(std::string_view labels) {
  std::vector<label> read;
  if (labels.empty()) return read;
  const std::string closed = std::string(labels) + '}';
  cursor c(closed);
  walk_braces(c, [&](const brace_element& element) -> std::string_view {
    if (element.value) read.emplace_back(unescape(element.name), unescape(*element.value));
    return {};
  });
  return read;
}

}  // namespace ebb::prometheus
