#pragma once
// What the tests of fleets in Kubernetes begin and end with.
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

namespace ebb::sim {

inline fleet_options in_kubernetes(int executors, lab::load::options load = no_load(),
                                   std::chrono::seconds grace = std::chrono::seconds(600)) {
  fleet_options o;
  o.executors = executors;
  o.load = load;
  o.kubernetes.emplace();
  o.kubernetes->grace = grace;
  o.kubernetes->successors = false;
  o.settings = agent_settings();
  o.settings.drain.grace.reset();  // the API tells it
  return o;
}

// Nothing was asked for that deploy/rbac.yaml does not grant.
inline void no_right_was_missing(fleet& f) { CHECK(f.kube().model().access().refused() == std::vector<std::string>{}); }

// The container has ended of itself, cleanly, before its kubelet had to kill it, and no query was lost.
inline void ended_well(fleet& f, int i) {
  REQUIRE(f.at(i).exit_code());
  CHECK(f.at(i).exit_code() == 0);
  CHECK_FALSE(f.kube().killed(i));
  CHECK(f.lost() == 0);
}

// A rule for the requests of one agent to the API server.
inline api_fault_rule on_api(api_fault what, std::string agent = {}, std::string verb = {}, std::string resource = {}) {
  api_fault_rule r;
  r.what = what;
  r.agent = std::move(agent);
  r.verb = std::move(verb);
  r.resource = std::move(resource);
  return r;
}

inline bool has(const core::life& l, core::cause c) { return l.causes.has(c); }

// Runs until the agent has saved that the cause has joined, or has gone.
inline bool joins(world& w, const container& c, core::cause what, rt::duration limit) {
  return w.run_while_not([&] { return has(c.life(), what); }, limit);
}
inline bool leaves(world& w, const container& c, core::cause what, rt::duration limit) {
  return w.run_while_not([&] { return !has(c.life(), what); }, limit);
}

}  // namespace ebb::sim
