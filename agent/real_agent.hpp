#pragma once
// The agent in the real world: init's pair as descriptor 3, the machine's clock, network and files.
#include "config/last_good.hpp"

namespace ebb {

// Each good reload is kept in `kept` for the agents that follow. Returns when init closes the pair. Exit codes: 0; 1
// when there is no init at the other end, or a bug ended the agent.
int run_agent(const config::sources& sources, const config::start& start, const config::last_good& kept);

// The same without an init, in a container beside the executor's; returns when the agent is finished.
int run_sidecar(const config::sources& sources, const config::start& start, const config::last_good& kept);

}  // namespace ebb
