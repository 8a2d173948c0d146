#include "agent/init/java_opts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include "agent/core/plan.hpp"

namespace ebb::init {
namespace {

constexpr std::size_t largest_file =
    256 * 1024;  // of Dremio's configuration; the rest of a larger one is not looked at
constexpr std::array option_variables{"DREMIO_JAVA_EXTRA_OPTS", "DREMIO_JAVA_SERVER_EXTRA_OPTS", "JAVA_TOOL_OPTIONS",
                                      "JDK_JAVA_OPTIONS"};

std::string beginning_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(largest_file, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::string without_comments(std::string_view hocon) {
  std::string text;
  while (!hocon.empty()) {
    auto line = hocon.substr(0, hocon.find('\n'));
    hocon.remove_prefix(std::min(hocon.size(), line.size() + 1));
    // "//" inside a quoted URL is cut as well, which hides no key: keys stand in front of their values.
    text += line.substr(0, std::min(line.find('#'), line.find("//")));
    text += '\n';
  }
  return text;
}

bool is_key_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Finds `word` as a whole key from `from` on.
std::size_t find_key(std::string_view text, std::string_view word, std::size_t from) {
  for (auto at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    bool begins = at == 0 || !is_key_char(text[at - 1]);
    auto end = at + word.size();
    if (begins && (end == text.size() || !is_key_char(text[end]))) return at;
  }
  return std::string_view::npos;
}

// True when dremio.conf sets section.key, written as one path or as an object of the section. Not a parser of HOCON: it
// may only err towards "set", and does so where the key stands in another object of that name.
bool hocon_sets(std::string_view text, std::string_view section, std::string_view key) {
  for (auto at = find_key(text, section, 0); at != std::string_view::npos; at = find_key(text, section, at + 1)) {
    auto rest = text.substr(at + section.size());
    if (rest.starts_with('"')) rest.remove_prefix(1);
    if (rest.starts_with('.')) {
      if (find_key(rest, key, 1) == 1) return true;
      continue;
    }
    auto open = rest.find_first_not_of(" \t\r\n:=");
    if (open == std::string_view::npos || rest[open] != '{') continue;
    std::size_t depth = 0, end = open;
    for (; end < rest.size(); ++end) {
      if (rest[end] == '{') ++depth;
      if (rest[end] == '}' && --depth == 0) break;
    }
    if (find_key(rest.substr(0, end), key, open) != std::string_view::npos) return true;
  }
  return false;
}

bool option_given(const jvm_choices& choices, std::string_view property) {
  std::string option = "-D" + std::string(property) + "=";
  return std::ranges::any_of(choices.options,
                             [&option](const std::string& text) { return text.find(option) != std::string::npos; });
}

int port_of(std::string_view url) {
  int port = url.starts_with("https:") ? 443 : 80;
  auto authority = url.substr(url.find("//") == std::string_view::npos ? 0 : url.find("//") + 2);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos) return port;
  std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), port);
  return port;
}

}  // namespace

jvm_wishes wishes_of(const config::settings& s) {
  jvm_wishes w;
  w.admin_port = port_of(s.executor.admin_url);
  if (s.drain.grace) {
    auto plan = core::plan_drain({.grace = s.drain.grace, .reserve = s.drain.reserve});
    w.grace = plan.reserve / 2;
  }
  return w;
}

jvm_choices choices_of(const std::vector<std::string>& argv, const environment& env) {
  jvm_choices c;
  c.options = argv;
  for (const char* name : option_variables) {
    if (auto value = value_of(env, name)) c.options.emplace_back(*value);
  }
  std::string folder(value_of(env, "DREMIO_CONF_DIR").value_or(""));
  if (folder.empty()) folder = std::string(value_of(env, "DREMIO_HOME").value_or("/opt/dremio")) + "/conf";
  c.options.push_back(beginning_of(folder + "/dremio-env"));
  c.hocon = beginning_of(folder + "/dremio.conf");
  return c;
}

std::vector<std::string> missing_java_opts(const jvm_wishes& wishes, const jvm_choices& choices) {
  const auto hocon = without_comments(choices.hocon);
  const auto seconds = std::max<long long>(1, std::chrono::duration_cast<std::chrono::seconds>(wishes.grace).count());
  std::vector<std::string> opts;
  auto add = [&](std::string_view section, std::string_view key, const std::string& value) {
    std::string property =
        std::string(section == "web-admin" ? "services." : "") + std::string(section) + "." + std::string(key);
    if (option_given(choices, property) || hocon_sets(hocon, section, key)) return;
    opts.push_back("-D" + property + "=" + value);
  };
  add("web-admin", "port", std::to_string(wishes.admin_port));
  add("web-admin", "host", "0.0.0.0");
  add("dremio", "termination_grace_period_seconds", std::to_string(seconds));
  return opts;
}

void add_java_opts(environment& env, const std::vector<std::string>& opts) {
  if (opts.empty()) return;
  std::string all(value_of(env, "DREMIO_JAVA_EXTRA_OPTS").value_or(""));
  for (const auto& opt : opts) {
    if (!all.empty()) all += ' ';
    all += opt;
  }
  set(env, "DREMIO_JAVA_EXTRA_OPTS", all);
}

}  // namespace ebb::init
