#pragma once
// The agent as a whole: every duty, on seams. The program gives it the real world, the simulator a virtual one.
#include <functional>
#include <memory>
#include <string>

#include "agent/probes/metrics_page.hpp"
#include "agent/rt/clock.hpp"
#include "agent/rt/files.hpp"
#include "agent/rt/log.hpp"
#include "agent/rt/network.hpp"
#include "agent/rt/random.hpp"
#include "agent/rt/resolver.hpp"
#include "agent/rt/supervisor.hpp"
#include "config/loader.hpp"

namespace ebb::app {

// All of them outlive the agent.
struct world {
  rt::clock_source& clock;
  rt::network& network;
  rt::file_store& files;
  rt::random_source& random;
  rt::resolver& names;
  rt::supervisor& init;
  rt::logger& log;
  std::function<config::loaded()> load_configuration;  // reads all sources again
  std::function<probes::process_facts()> process;
  std::string pinned_name;  // -Dregistration.publish-host of the executor's command line; empty: none
  std::string version, commit;
  bool sidecar = false;  // in a container beside the executor's, which cannot be signalled from here, only let go
};

// Runs until init closes the pair. Returns false when init never said hello. `broken`: the settings are the last good
// ones, and why those of now were not taken; empty otherwise.
rt::task<bool> run(world& w, config::settings settings, std::string broken = {});

}  // namespace ebb::app
