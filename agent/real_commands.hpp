#pragma once
// The commands that talk, in the real world: the machine's clock, network and files, and this process' terminal.
#include "agent/cli/options.hpp"
#include "config/environment.hpp"
#include "config/loader.hpp"

namespace ebb {

// Returns the exit code.
int run_command(cli::command asked, config::loaded loaded, config::environment env) noexcept;

}  // namespace ebb
