#pragma once
// Completion scripts for shells, from the table of commands and the keys of the configuration.
#include <string>

#include "agent/cli/options.hpp"

namespace ebb::cli {

// To be sourced: source <(ebb completion bash).
std::string completion_script(shell for_shell);

}  // namespace ebb::cli
