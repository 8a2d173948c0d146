#pragma once
// `ebb status`.
#include "agent/cli/context.hpp"
#include "agent/cli/options.hpp"
#include "agent/rt/task.hpp"

namespace ebb::cli {

rt::task<int> status(context& c, status_command asked);

}  // namespace ebb::cli
