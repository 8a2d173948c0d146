#pragma once
// What the tests of commands begin with.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/fleet/command.hpp"
#include "tests/sim/fleet/fleet.hpp"

namespace ebb::sim {

using strings = std::vector<std::string>;

// Executors that no agent stands beside.
inline fleet_options bare(int executors, lab::load::options load = no_load()) {
  fleet_options o;
  o.executors = executors;
  o.load = load;
  o.agents = false;
  return o;
}

inline cli::drain_command waited(std::optional<std::chrono::milliseconds> limit = std::nullopt) {
  cli::drain_command c;
  c.wait = true;
  c.deadline = limit;
  return c;
}

inline cli::drain_command forced(cli::drain_command c) {
  c.force = true;
  return c;
}

inline cli::hook_command hook(cli::hook_action a) {
  cli::hook_command c;
  c.action = a;
  return c;
}

// Work that the planner knows nothing of, on the first executor.
inline void start_fragment(world& w, fleet& f, rt::duration lasts) {
  f.cluster().at(executor_name(0)).start_fragment(900'001, 900'001, lasts, w.now());
  f.pump();
}

// For the fleet's faults.
inline lab::fault_rule on_coordinator(std::string path, lab::fault what) {
  lab::fault_rule r;
  r.path_prefix = std::move(path);
  r.what = what;
  return r;
}

// Ebb is PID 1, as in a container.
inline const cli::resident init{1, "127.0.0.1:9012"};

inline constexpr auto list_path = "/api/v3/nodeCollections/blacklist";
inline constexpr auto login_path = "/apiv2/login";

}  // namespace ebb::sim
