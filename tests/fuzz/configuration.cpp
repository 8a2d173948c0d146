// The configuration from a file, an environment and --set: lines before the first "%" are the file, those behind it
// NAME=value variables, or --set where the name has a dot.
#include "config/loader.hpp"
#include "config/print.hpp"
#include "config/reload.hpp"
#include "config/schema.hpp"
#include "config/utf8.hpp"
#include "tests/fuzz/property.hpp"

using namespace ebb::config;
using ebb::fuzz::is_one_line;
using ebb::fuzz::require;

namespace {

struct said {
  std::string_view file;
  environment env;
  std::vector<std::string> sets;
};

said split(std::string_view input) {
  said out;
  const auto end = input.find('%');
  out.file = input.substr(0, end);
  auto rest = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto name = line.substr(0, line.find('='));
    if (name.find('.') != std::string_view::npos)
      out.sets.emplace_back(line);
    else if (name.size() < line.size())
      out.env.emplace(name, line.substr(name.size() + 1));
  }
  return out;
}

bool equal_but_for_secrets(const settings& a, const settings& b) {
  for (const auto& k : keys())
    if (!is_secret(k) && k.get(a) != k.get(b)) return false;
  return true;
}

settings without_secrets(settings all) {
  for (const auto& k : keys())
    if (is_secret(k)) k.set(all, std::string());
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = split(ebb::fuzz::text(data, size));
  const auto got = load_text(input.file, "f", input.env, input.sets);
  require(got.errors.size() <= 51, "errors have an end");
  for (const auto& line : got.errors)
    require(is_one_line(line) && is_utf8(line) && line.size() < 2048, "an error is one line");
  for (const auto& line : got.warnings)
    require(is_one_line(line) && is_utf8(line) && line.size() < 2048, "a warning is one line");
  require(is_one_line(compare({}, got).sentence), "a reload is told on one line");
  if (!got.ok()) return 0;
  const auto bare = without_secrets(got.values);
  for (const auto& text : {to_toml(bare), to_toml_with_origins(got)}) {
    const auto again = load_text(text, "g");
    const bool masked = got.values.dremio.password.value.size() + got.values.dremio.token.value.size() +
                            got.values.dremio.client_secret.value.size() >
                        0;
    require(again.ok() || masked, "what is printed loads");
    if (again.ok()) require(equal_but_for_secrets(again.values, bare), "what is printed loads as the same settings");
  }
  return 0;
}
