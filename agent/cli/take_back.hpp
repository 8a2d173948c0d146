#pragma once
// `ebb undrain` and `ebb stop`.
#include "agent/cli/context.hpp"
#include "agent/rt/task.hpp"

namespace ebb::cli {

rt::task<int> undrain(context& c);
rt::task<int> stop(context& c);

}  // namespace ebb::cli
