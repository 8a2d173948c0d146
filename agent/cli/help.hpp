#pragma once
// The texts of --help, from the table of commands.
#include <string>

#include "agent/cli/commands.hpp"

namespace ebb::cli {

std::string help();
std::string help_of(const command_entry& command);

}  // namespace ebb::cli
