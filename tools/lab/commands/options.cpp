#include "tools/lab/commands/options.hpp"

#include <cstdio>

#include "tools/lab/span_text.hpp"

namespace ebb::lab {
namespace {

std::string good_span(const std::string& text) {
  return parse_span(text) ? "" : "\"" + text + "\" is not a duration such as 200ms or 1.5s, nor a range such as 1s-3s";
}

}  // namespace

void add_span(CLI::App& app, const std::string& flag, span& into, const std::string& help) {
  app.add_option_function<std::string>(
         flag, [&into](const std::string& v) { into = *parse_span(v); }, help)
      ->check(CLI::Validator(good_span, "DURATION"));
}

void add_duration(CLI::App& app, const std::string& flag, duration& into, const std::string& help) {
  app.add_option_function<std::string>(
         flag, [&into](const std::string& v) { into = parse_span(v)->most; }, help)
      ->check(CLI::Validator(good_span, "DURATION"));
}

int fail(const std::string& what) {
  std::fprintf(stderr, "ebb-lab: %s\n", what.c_str());
  return 1;
}

}  // namespace ebb::lab
