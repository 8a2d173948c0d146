#pragma once
#include "agent/rt/processes.hpp"

namespace ebb::os {

// Those of this PID namespace whose program or first argument bears one of Ebb's names (ebb, java), without this one.
// Who ends meanwhile, or cannot be read at all, is left out.
std::vector<rt::process> processes_like_ours();

}  // namespace ebb::os
