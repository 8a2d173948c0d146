#include "agent/cli/configuration.hpp"

#include <ostream>

#include "config/print.hpp"

namespace ebb::cli {
namespace {

constexpr int wrong_configuration = 2;

void explain(const config::loaded& from, std::ostream& err) {
  for (const auto& line : from.errors) err << "ebb: " << line << '\n';
}

}  // namespace

config::sources sources_of(const configuration& chosen, config::environment env) {
  return {chosen.file, std::move(env), chosen.sets};
}

std::optional<config::settings> load_or_explain(const config::sources& from, const config::read_file& read,
                                                std::ostream& err) {
  auto got = config::load(from, read);
  if (got.ok()) return std::move(got.values);
  explain(got, err);
  return std::nullopt;
}

int print_configuration(const config_command& asked, config::environment env, const config::read_file& read,
                        std::ostream& out, std::ostream& err) {
  if (asked.defaults) {
    out << config::reference();
    return 0;
  }
  const auto got = config::load(sources_of(asked.config, std::move(env)), read);
  explain(got, err);
  if (!got.ok()) return wrong_configuration;
  for (const auto& line : got.warnings) err << "ebb: warning: " << line << '\n';
  out << (asked.origin ? config::to_toml_with_origins(got) : config::to_toml(got.values));
  return 0;
}

}  // namespace ebb::cli
