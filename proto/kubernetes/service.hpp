#pragma once
// core/v1 Service: whether it keeps the DNS names of pods that are not ready.
#include <string_view>

#include "proto/kubernetes/object_meta.hpp"
#include "proto/parse_error.hpp"

namespace ebb::kubernetes {

struct service {
  object_meta meta;
  bool headless = false;           // spec.clusterIP is "None"
  bool publish_not_ready = false;  // spec.publishNotReadyAddresses
};

proto::result<service> parse_service(std::string_view body);

}  // namespace ebb::kubernetes
