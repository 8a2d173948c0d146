#pragma once
// What the duties of one agent share: the node's life, the executor as it is seen, the evidence, the deadline.
//
// One thread, so plain members; whoever changes something calls changed.notify(), whoever waits re-reads.
#include <optional>
#include <string>

#include "agent/core/judge.hpp"
#include "agent/core/life.hpp"
#include "agent/core/metrics.hpp"
#include "agent/core/plan.hpp"
#include "agent/keeper/keeper.hpp"
#include "agent/rt/notice.hpp"
#include "config/settings.hpp"
#include "proto/init/records.hpp"

namespace ebb::drain {

struct executor_view {
  std::int32_t pid = 0;
  rt::time_point spawned_at{};
  std::optional<bool> live;          // nothing: not known yet
  bool was_live = false;             // once in this life
  std::string live_error;            // why it is not known to be live
  std::optional<core::sample> last;  // of its load
  std::string metric;                // name of the gauge that was found; empty: none yet
  std::optional<pair::ending> ended;
  std::optional<rt::time_point> ended_at;
};

// The own pod and node as the API shows them; what a deadline is made of is in life.pod, which outlives the agent.
struct pod_view {
  bool configured = false;                 // there is an API to ask
  std::string name, uid;                   // empty: not known
  std::string fleet;                       // of the controller that made the pod, a StatefulSet as a rule
  bool answered = false;                   // the API once told of the pod
  std::string error, node_error;           // why nothing is known now; empty: it is
  std::string disruption;                  // an eviction or the like was announced, with its reason
  std::optional<rt::duration> clock_skew;  // how much the server's clock is ahead of ours
};

class journal;

struct node {
  node(rt::clock_source& c, rt::asio::any_io_executor ex, const config::settings& s)
      : clock(c), settings(s), changed(std::move(ex)) {}

  rt::clock_source& clock;
  bool sidecar = false;       // the executor is in another container of the pod: nobody here can signal it
  config::settings settings;  // the effective ones; replaced on reload
  core::life life;
  executor_view executor;
  core::idle_judge judge;
  core::drain_plan plan;  // of the present drain
  core::verdict verdict;  // of the last judgement
  std::string outcome;    // how the last drain ended, a sentence; empty: there was none
  core::metrics metrics;
  std::string name;         // the entry on the deny list; empty: not known yet
  std::string name_source;  // configured, pinned, computed
  std::string name_error;
  pod_view pod;
  std::uint32_t stop_signals = 0;
  std::optional<rt::time_point> first_stop_signal;
  std::string reload_error;  // the last reload failed; empty: it did not
  rt::notice changed;

  bool executor_ended() const { return executor.ended.has_value(); }
  // The sidecar alone was told to end, in a pod that is not deleted: its container restarts, the executor goes on.
  bool steps_aside() const {
    return sidecar && life.causes.has(core::cause::sigterm) && life.pod.not_deleted && !life.pod.kill_at;
  }
};

// The facts that a plan is made of, as far as they are known here. Of settings alone: for a drain that begins at the
// clock's epoch.
core::plan_facts plan_facts_of(const config::drain_settings& d);
core::plan_facts plan_facts_of(const node& n);

// The pod's grace, as configured or as the API told it.
std::optional<rt::duration> known_grace(const node& n);

// How long a hook may hold the pod, so that the executor still has its reserve when SIGTERM comes: `usable` where the
// grace is known.
std::optional<rt::duration> longest_hook(const node& n);

// From when the deadline counts for a SIGTERM of that time: from the beginning of a hook that has just ended, or been
// ended without our knowing. The kubelet sends it when the hook is over, or the grace.
rt::time_point grace_began(const node& n, rt::time_point told);

// Whether another stop signal, `last` after the first, means "hurry": outside Kubernetes, a second or more later.
bool means_hurry(const node& n, rt::time_point first, rt::time_point last);

}  // namespace ebb::drain
