#pragma once
// PID 1 (or a subreaper) of `ebb run`: starts the executor and the agent, carries out what core::supervision decides,
// reaps whatever ends, and returns with the exit code for the container. One thread; no network; no parsing, no log and
// no allocation once it runs.
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace ebb::init {

// To be called before anything else in `ebb run`: from here on no signal is lost. The kernel drops a signal for PID 1
// that is neither blocked nor handled, and a container's stop signal is sent only once.
void hold_signals();

// `command` is the executor's; `agent` the agent's argument list, the program's name first, for which this same binary
// is executed. The name must not be `java`, which is JAVA mode. The agent's environment is the container's. Settings
// have been checked: init starts an executor without looking at them again. `last_good`: the descriptor of what every
// agent gets to fall back on, see config/last_good.hpp; -1: none. Returns the exit code; 126 or 127 with a
// line on stderr when the command cannot be executed.
int run(const config::settings& settings, const std::vector<std::string>& command,
        const std::vector<std::string>& agent, int last_good);

}  // namespace ebb::init
