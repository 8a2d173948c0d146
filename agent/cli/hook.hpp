#pragma once
// `ebb hook -a add|remove`: what the old shell hook did, for a preStop and a postStart.
#include "agent/cli/context.hpp"
#include "agent/cli/options.hpp"
#include "agent/rt/task.hpp"

namespace ebb::cli {

rt::task<int> hook(context& c, hook_command asked);

}  // namespace ebb::cli
