#pragma once
// `ebb check`: tries everything that the agent will need. Changes nothing: the list is read and not written, a port
// that is free is bound for a moment.
#include "agent/cli/context.hpp"
#include "agent/cli/options.hpp"
#include "agent/rt/task.hpp"

namespace ebb::cli {

rt::task<int> check(context& c, check_command asked);

}  // namespace ebb::cli
