#pragma once
// One deadline, derived: from the pod's grace to everything a drain needs to know about its time.
#include <optional>
#include <string>

#include "agent/core/time.hpp"

namespace ebb::core {

// Where the grace came from, in the words of /status.
enum class deadline_source { deletion, short_grace, configured, assumed, operator_wish };
std::string_view name(deadline_source s);

// The kubelet kills this long after the grace at the earliest; both ends are whole seconds, so we end before it.
constexpr duration kubelet_slack = 2s;

// From SIGTERM to SIGKILL there is this much at least, however short the grace, and even where it is by force.
constexpr duration kubelet_least = 2s;

// From the deletion of a pod until its kubelet sends SIGTERM, at most; 1.9 s have been seen, right after a start.
constexpr duration kubelet_lag = 3s;

constexpr duration assumed_grace = 600s;

struct plan_facts {
  std::optional<duration> grace;       // as configured, else as the pod has it; nothing: assumed
  duration short_grace = 15s;          // of a container that is told to end in a pod that is not deleted
  std::optional<duration> promised{};  // the grace that this drain was planned with: it only shrinks
  std::optional<duration> reserve;     // as configured; nothing: derived
  duration settle = 10s;
  duration quiet = 3s;
  int samples = 3;
  duration elapsed{};              // since first_irrevocable, when a plan that was promised is made anew
  time_point first_irrevocable{};  // the deadline counts from here, never again
  std::optional<time_point> kill_at{}, kill_learned{};  // the pod's deletion, and since when it is known
  std::optional<time_point> told{};                     // the container, by SIGTERM
  bool not_deleted = false;                             // the API says so
  std::optional<time_point> node_shutdown{};            // since when the node is known to shut down
  bool gone = false;                 // the pod is, and its container was told to end: another may have its name already
  bool hook_outlived_grace = false;  // SIGTERM while a hook call is open that began >= grace - 2 s ago
};

struct drain_plan {
  duration grace{};
  duration reserve{};     // kept back for the executor's own stop
  duration usable{};      // from the first irrevocable cause to stop_at
  duration settle{};      // as configured, at most a third of usable
  duration quiet{};       // as configured, at most a sixth of usable
  int samples = 3;        // 2 where less than 6 s are usable
  time_point stop_at{};   // the executor is signalled now at the latest
  time_point dump_at{};   // thread dump of an executor that does not end
  time_point kill_at{};   // SIGKILL
  time_point deadline{};  // everything has to be gone
  deadline_source source = deadline_source::assumed;
};

// The reserve for a grace where none is configured: a sixth, between 5 s and 120 s, at most half.
duration derive_reserve(duration grace);

// What is done to an executor that was told to stop at stop_at and does not end: thread dump 2 s and SIGKILL 1 s before
// the deadline; both closer to it where there is little time between the two.
time_point dump_moment(time_point stop_at, time_point deadline);
time_point kill_moment(time_point stop_at, time_point deadline);

drain_plan plan_drain(const plan_facts& facts);

// settle, quiet and samples of a drain without a deadline: as configured.
drain_plan plan_without_deadline(const plan_facts& facts);

// How long an unreachable coordinator is waited for: as configured, else a quarter of `usable`, at most 60 s.
duration derive_deny_patience(std::optional<duration> configured, std::optional<duration> usable);

// How long the other agents and the Kubernetes API may keep a node from writing its own entry: an eighth of `usable`;
// nothing: as long as they like to.
std::optional<duration> fleet_patience(std::optional<duration> usable);

// The quiet window when the metric alone decides because the coordinator cannot be reached: 30 s, at most a third.
duration lonely_quiet(std::optional<duration> usable);

}  // namespace ebb::core
