#pragma once
// The configuration as the commands take it, and `ebb config`.
#include <iosfwd>
#include <optional>

#include "agent/cli/options.hpp"
#include "config/loader.hpp"

namespace ebb::cli {

config::sources sources_of(const configuration& chosen, config::environment env);

// The settings, or nothing after every error has been written to `err`, one line each: the caller exits with 2.
std::optional<config::settings> load_or_explain(const config::sources& from, const config::read_file& read,
                                                std::ostream& err);

// `ebb config`. Warnings go to `err`. Returns the exit code: 0, or 2 when something is wrong.
int print_configuration(const config_command& asked, config::environment env, const config::read_file& read,
                        std::ostream& out, std::ostream& err);

}  // namespace ebb::cli
