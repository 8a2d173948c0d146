#include "config/schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "config/duration.hpp"

namespace ebb::config {
namespace {

std::string in_quotes(std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out.append({'\\', c});
    else if (byte < 0x20 || byte == 0x7f)
      out.append("\\u00").append({hex[byte >> 4], hex[byte & 15]});
    else
      out += c;
  }
  return out + '"';
}

std::string shortest(double number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

// On one line where it fits there.
template <class Item, class Text>
std::string bracketed(const std::vector<Item>& list, Text text_of) {
  constexpr std::size_t fits = 100;
  std::string line, lines;
  for (const auto& item : list) {
    line.append(line.empty() ? "" : ", ").append(text_of(item));
    lines.append("\n  ").append(text_of(item)).append(",");
  }
  return line.size() <= fits ? "[" + line + "]" : "[" + lines + "\n]";
}

struct printer {
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return shortest(number); }
  std::string operator()(const std::string& text) const { return in_quotes(text); }
  std::string operator()(std::optional<duration> span) const {
    return in_quotes(span ? format_duration(*span) : "auto");
  }
  std::string operator()(const std::vector<std::string>& list) const { return bracketed(list, in_quotes); }
  std::string operator()(const std::vector<int>& list) const {
    return bracketed(list, [](int number) { return std::to_string(number); });
  }
};

std::string between(const key& of) {
  auto bound = [&](std::int64_t b) {
    const bool is_span = of.type == kind::span || of.type == kind::span_or_auto;
    return is_span ? in_quotes(format_duration(duration(b))) : std::to_string(b);
  };
  return bound(of.low) + " to " + bound(of.high);
}

}  // namespace

const key* find_key(std::string_view name) {
  const auto all = keys();
  const auto found = std::find_if(all.begin(), all.end(), [&](const key& k) { return k.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const key* find_variable(std::string_view name) {
  const auto all = keys();
  const auto found = std::find_if(all.begin(), all.end(), [&](const key& k) { return variable_of(k) == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view section_of(const key& of) { return of.name.substr(0, of.name.find('.')); }

std::string_view leaf_of(const key& of) { return of.name.substr(of.name.find('.') + 1); }

std::string variable_of(const key& of) {
  std::string out = "EBB_";
  for (char c : of.name) out += c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string to_toml(const key& of, const value& what) {
  if (is_secret(of) && !std::get<std::string>(what).empty()) return "\"***\"";
  return std::visit(printer{}, what);
}

std::string allowed(const key& of) {
  switch (of.type) {
    case kind::text: return "a text";
    case kind::secret: return "a text without line ends";
    case kind::path: return "the path of a file";
    case kind::choice: {
      std::string_view separator = " ";
      std::string out = "one of";
      for (auto name : of.choices) out.append(std::exchange(separator, ", ")).append(name);
      return out;
    }
    case kind::url: return "http://HOST:PORT or https://HOST:PORT";
    case kind::address: return "an IP address and a port, such as \"127.0.0.1:9012\" or \"[::]:9011\"";
    case kind::matchers: return "label matchers such as 'namespace=\"dremio\",pod=\"dremio-executor-3\"'";
    case kind::signal: return "a signal such as SIGTERM, SIGINT or SIGRTMIN+3";
    case kind::flag: return "true or false";
    case kind::integer: return "a whole number, " + between(of);
    case kind::number: return "a number, " + between(of);
    case kind::span: return "a number with its unit (ms, s, m, h), " + between(of);
    case kind::span_or_auto: return "\"auto\" or a number with its unit (ms, s, m, h), " + between(of);
    case kind::metrics: return "a list of metric names such as [\"exec_fragments_active\"]";
    case kind::taints: return "a list of keys of taints such as [\"karpenter.sh/disrupted\"]";
    case kind::signals: return "a list of signals such as [\"SIGUSR1\"]";
    case kind::codes: return "a list of exit codes such as [0, 143], each " + between(of);
  }
  return {};
}

}  // namespace ebb::config
