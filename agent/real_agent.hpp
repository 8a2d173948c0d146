#pragma once
// The agent in the real world: init's pair as descriptor 3, the machine's clock, network and files.
#include "config/loader.hpp"

namespace ebb {

// Returns when init closes the pair. Exit codes: 0; 1 when there is no init at the other end, or a bug ended the agent.
int run_agent(const config::sources& sources, const config::loaded& loaded);

}  // namespace ebb
