#include "agent/core/log_line.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "agent/core/duration_text.hpp"
#include "agent/core/rfc3339.hpp"
#include "proto/printable.hpp"

namespace ebb::core {

namespace {

constexpr std::string_view truncated_logfmt = " truncated=true", truncated_json = ",\"truncated\":true";

template <class Number>
void append_number(std::string& out, Number n) {
  std::array<char, 32> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), n).ptr);
}

void append_quoted(std::string& out, std::string_view printable) {
  out += '"';
  for (const char c : printable) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_text(std::string& out, std::string_view text, log_format format) {
  const auto safe = proto::printable(text, longest_value);
  if (format == log_format::logfmt && !safe.empty() && safe.find_first_of(" =\"\\") == safe.npos)
    out += safe;
  else
    append_quoted(out, safe);
}

struct value_writer {
  std::string& out;
  log_format format;

  void operator()(std::monostate) const { out += "null"; }
  void operator()(std::string_view text) const { append_text(out, text, format); }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
  void operator()(std::int64_t n) const { append_number(out, n); }
  void operator()(std::uint64_t n) const { append_number(out, n); }
  void operator()(double n) const {
    if (std::isfinite(n))
      append_number(out, n);
    else
      out += "null";  // JSON has no such number
  }
  void operator()(std::chrono::nanoseconds d) const { append_text(out, core::text(d), format); }
};

void append_field(std::string& out, std::string_view key, const log_value& value, log_format format) {
  if (format == log_format::logfmt) {
    out.append(" ").append(key).append("=");
  } else {
    out += ',';
    append_quoted(out, key);
    out += ':';
  }
  std::visit(value_writer{out, format}, value.get());
}

}  // namespace

std::string_view name(log_level level) {
  switch (level) {
    case log_level::debug: return "debug";
    case log_level::info: return "info";
    case log_level::warning: return "warning";
    case log_level::error: return "error";
  }
  return "error";
}

std::string render(const log_line& line, log_format format) {
  const bool json = format == log_format::json;
  const auto mark = json ? truncated_json : truncated_logfmt;
  const std::string_view end = json ? "}\n" : "\n";
  const std::size_t room = longest_line - mark.size() - end.size();

  std::string out(json ? "{\"time\":\"" : "time=");
  out += rfc3339(line.at);
  if (json) out += '"';
  append_field(out, "level", name(line.level), format);
  append_field(out, "app", "ebb", format);
  append_field(out, "event", line.event, format);
  for (const auto& field : line.fields) {
    const auto before = out.size();
    append_field(out, field.key, field.value, format);
    if (out.size() <= room) continue;
    out.resize(before);
    out += mark;
    break;
  }
  return out.append(end);
}

}  // namespace ebb::core
