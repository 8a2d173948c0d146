#pragma once
// What the tests of fleets in Kubernetes begin and end with.
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

namespace ebb::sim {

inline fleet_options in_kubernetes(int executors, lab::load::options load = no_load()) {
  fleet_options o;
  o.executors = executors;
  o.load = load;
  o.kubernetes.emplace();
  o.settings = agent_settings();
  o.settings.drain.grace.reset();  // the API tells it
  return o;
}

// Nothing was asked for that deploy/rbac.yaml does not grant.
inline void no_right_was_missing(fleet& f) { CHECK(f.kube().model().access().refused() == std::vector<std::string>{}); }

}  // namespace ebb::sim
