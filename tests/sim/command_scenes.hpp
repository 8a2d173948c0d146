#pragma once
// What the tests of commands begin with.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/fleet/command.hpp"
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

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

// The agent dies, and no other one starts for 3 s.
inline void lose_agent(world& w, container& c) {
  c.init().refuse_agents(true);
  c.kill_agent();
  REQUIRE(w.run_while_not([&] { return !c.init().agent_runs(); }, 1s));
  w.after(3s, [&c] { c.init().refuse_agents(false); });
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
