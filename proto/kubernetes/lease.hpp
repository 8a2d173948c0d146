#pragma once
// coordination.k8s.io/v1 Lease, read and written.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/kubernetes/object_list.hpp"
#include "proto/kubernetes/object_meta.hpp"
#include "proto/parse_error.hpp"

namespace ebb::kubernetes {

// The lock. Its times are its writer's: they are compared with each other, never with a clock of ours.
struct lease_record {
  std::string holder;                            // "": nobody
  std::optional<std::chrono::seconds> duration;  // above 0 where it is there
  std::optional<micro_time> acquire_time;
  std::optional<micro_time> renew_time;
  std::optional<std::int64_t> transitions;

  bool operator==(const lease_record&) const = default;
};

struct lease {
  object_meta meta;
  lease_record record;
};

proto::result<lease> parse_lease(std::string_view body);
proto::result<object_list<lease>> parse_lease_list(std::string_view body);

// The body of a POST, or of a PUT where meta has the resourceVersion of what it replaces (and its uid, if that is to be
// the same object): another one is answered with 409, none at all with 422. A PUT replaces the whole object, so what is
// not ours among labels and annotations goes. Deletion is not written: it is the server's.
std::string write_lease(const lease& object);

}  // namespace ebb::kubernetes
