#pragma once
// `ebb drain`: asks the agent; where none answers, does it from here.
#include "agent/cli/context.hpp"
#include "agent/cli/options.hpp"
#include "agent/rt/task.hpp"

namespace ebb::cli {

rt::task<int> drain(context& c, drain_command asked);

}  // namespace ebb::cli
