#include "proto/kubernetes/autoscaler.hpp"

#include "proto/kubernetes/reading.hpp"

namespace ebb::kubernetes {
namespace {

constexpr proto::json_source list_source{"list of HPAs", list_body_limit};

autoscaler read_autoscaler(proto::json_fields& fields) {
  autoscaler read;
  read.meta = read_meta(fields);
  proto::json_fields spec = fields.object("spec");
  proto::json_fields target = spec.object("scaleTargetRef");
  read.target_kind = target.required_string("kind");
  read.target_name = target.required_string("name");
  proto::json_fields status = fields.object("status");
  read.able = read_condition(status, "AbleToScale");
  read.active = read_condition(status, "ScalingActive");
  return read;
}

}  // namespace

proto::result<object_list<autoscaler>> parse_autoscaler_list(std::string_view body) {
  return read_list(list_source, body, "HorizontalPodAutoscalerList", &read_autoscaler);
}

}  // namespace ebb::kubernetes
