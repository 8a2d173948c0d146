#pragma once
// core/v1 Pod: who it is, whether and by when it will be killed, and why. Objects up to 4 MiB; null and missing fields
// are empty, unknown ones are passed over, a field of another type is an error.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/kubernetes/condition.hpp"
#include "proto/kubernetes/object_list.hpp"
#include "proto/kubernetes/object_meta.hpp"
#include "proto/parse_error.hpp"

namespace ebb::kubernetes {

enum class hook_kind { exec, http_get, tcp_socket, sleep, unknown };

struct pre_stop_hook {
  std::string container;
  hook_kind kind = hook_kind::unknown;

  bool operator==(const pre_stop_hook&) const = default;
};

struct pod {
  object_meta meta;                           // the uid is there
  std::optional<std::chrono::seconds> grace;  // spec.terminationGracePeriodSeconds
  std::string node_name;                      // "" before it is scheduled
  std::string subdomain;                      // the headless Service that its DNS name belongs to; "" without one
  std::vector<pre_stop_hook> pre_stop;        // of containers, then of init containers (native sidecars)
  std::string phase;                          // "Pending", "Running", "Succeeded", "Failed", "Unknown"
  // Written before an eviction's DELETE, and set to "False" again after two minutes without one.
  std::optional<condition> disruption_target;
};

proto::result<pod> parse_pod(std::string_view body);
proto::result<object_list<pod>> parse_pod_list(std::string_view body);

// Of a PartialObjectMetadataList, which a request gets with `Accept: application/json;as=PartialObjectMetadataList;
// g=meta.k8s.io;v=v1`.
struct partial_object {
  std::string name;
  std::string uid;
  std::optional<time_point> deletion_timestamp;
};

proto::result<object_list<partial_object>> parse_partial_list(std::string_view body);

}  // namespace ebb::kubernetes
