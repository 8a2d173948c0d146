#pragma once
// autoscaling/v2 HorizontalPodAutoscaler: what it scales, and whether it can.
#include <optional>
#include <string>
#include <string_view>

#include "proto/kubernetes/condition.hpp"
#include "proto/kubernetes/object_list.hpp"
#include "proto/kubernetes/object_meta.hpp"
#include "proto/parse_error.hpp"

namespace ebb::kubernetes {

struct autoscaler {
  object_meta meta;
  std::string target_kind, target_name;  // spec.scaleTargetRef
  std::optional<condition> able;         // AbleToScale: it reaches what it scales
  std::optional<condition> active;       // ScalingActive: its metrics can be had, and it is the only one
};

proto::result<object_list<autoscaler>> parse_autoscaler_list(std::string_view body);

}  // namespace ebb::kubernetes
