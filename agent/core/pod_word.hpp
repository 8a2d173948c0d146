#pragma once
// What the Kubernetes API has said of this pod and its node, on our own clock. Part of the saved life: an agent that is
// replaced while the API is away keeps the deadline.
#include <optional>

#include "agent/core/rfc3339.hpp"
#include "agent/core/time.hpp"

namespace ebb::core {

struct pod_word {
  bool seen = false;                        // the pod was there once, under our uid
  std::optional<duration> grace;            // its terminationGracePeriodSeconds
  std::optional<time_point> kill_at;        // its deletionTimestamp; it only comes nearer
  std::optional<time_point> kill_learned;   // when the nearest one was learned
  std::optional<time_point> not_deleted;    // when it was said not to be deleted, to a container that was told to end
  std::optional<time_point> node_shutdown;  // when its node was first seen to shut down

  friend bool operator==(const pod_word&, const pod_word&) = default;
};

// A deletionTimestamp and its grace as the API server writes them, both in whole seconds of its clock.
struct deletion {
  wall_time timestamp{};
  duration grace{};
};

struct kill_moment_found {
  time_point at{};
  bool clock_believed = true;
};

// When the kubelet kills, on our clock. `server_now`: the server's clock at `received`, by its Date header; nothing
// where it sent none. What a clock says that cannot be, more than the grace still to come or a moment that is over for
// long, is replaced by the whole grace from now on: a clock that is off must not release anything early.
kill_moment_found when_killed(const deletion& d, std::optional<wall_time> server_now, time_point received);

// Whether a deletion that has only just been told of is said to be older, or younger, than a clock's whole seconds
// explain. Either the word was late, or the server's clock has been set since it was last read.
bool deletion_is_odd(const deletion& d, wall_time server_now);

// Whether the moment is the first one, or nearer than that known by more than a clock's whole second.
bool is_nearer(const pod_word& w, time_point kill_at);

// Takes a deletion in. True: it is nearer.
bool take_deletion(pod_word& w, time_point kill_at, time_point now);

}  // namespace ebb::core
