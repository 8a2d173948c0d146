#pragma once
// /status as a client reads it: the agent that answers may be older or newer than this program, so everything may be
// missing, and what is not known here is passed over.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/iso_time.hpp"
#include "proto/parse_error.hpp"

namespace ebb::cli {

inline constexpr std::size_t status_limit = 1024 * 1024;  // bytes

using moment = proto::milliseconds_since_epoch;
using milliseconds = std::chrono::milliseconds;

// Text is fit for a terminal: one line, no control characters.
struct node_view {
  std::string name, source, error;
};

struct executor_view {
  std::optional<std::int64_t> pid;
  std::optional<bool> live;
  std::optional<double> fragments;
  std::string fragments_source;
  std::optional<milliseconds> fragments_age;
  std::string metric, error;
};

struct deny_list_view {
  std::string entry;  // present, absent; empty: not known
  std::optional<milliseconds> verified_ago;
  std::int64_t lost = 0;
  std::optional<std::int64_t> entries;
  std::optional<bool> available, configured;
  bool foreign = false;
  std::string error;
};

struct drain_view {
  std::optional<moment> began, deadline, stop_at;
  std::string deadline_source;
  std::int64_t idle_samples = 0;
  milliseconds idle_for{};
  std::optional<std::int64_t> samples;        // that are needed …
  std::optional<milliseconds> quiet, settle;  // … over this time, after that time
  std::string waiting_for;
};

struct pod_view {
  bool configured = false;  // there is a Kubernetes API to ask
  bool watched = false;
  std::string name, error, disruption;
};

struct upstream_view {
  std::string name;
  bool configured = false;
  std::optional<bool> ok;
  std::string error;
  std::int64_t requests = 0, retries = 0;
};

struct status_view {
  std::string version, state, phase;
  std::optional<moment> since;
  std::vector<std::string> causes;
  std::string reason;
  node_view node;
  executor_view executor;
  deny_list_view deny_list;
  std::optional<drain_view> drain;
  pod_view pod;
  std::vector<upstream_view> upstreams;
  std::int64_t agent_restarts = 0;
  std::string reload_error;
  std::string error;  // why a request was refused

  bool draining() const { return state == "draining"; }
  bool ending() const { return state == "stopping" || state == "stopped"; }
  bool has_cause(std::string_view name) const;
};

// Errors: no JSON object with a state; a field of another type than ours.
proto::result<status_view> parse_status(std::string_view body);

}  // namespace ebb::cli
