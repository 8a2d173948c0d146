#include "proto/kubernetes/pod.hpp"

#include "proto/kubernetes/reading.hpp"

namespace ebb::kubernetes {
namespace {

constexpr proto::json_source source{"pod", object_body_limit};
constexpr proto::json_source list_source{"pod list", list_body_limit};
constexpr proto::json_source partial_source{"list of pods' metadata", list_body_limit};

hook_kind read_kind(proto::json_fields& hook) {
  if (hook.any("exec")) return hook_kind::exec;
  if (hook.any("httpGet")) return hook_kind::http_get;
  if (hook.any("tcpSocket")) return hook_kind::tcp_socket;
  if (hook.any("sleep")) return hook_kind::sleep;
  return hook_kind::unknown;
}

void read_hooks(proto::json_fields& spec, std::string_view containers, std::vector<pre_stop_hook>& hooks) {
  for (proto::json_fields& container : spec.objects(containers)) {
    proto::json_fields lifecycle = container.object("lifecycle");
    if (!lifecycle.any("preStop")) continue;
    proto::json_fields hook = lifecycle.object("preStop");
    hooks.push_back({container.string("name"), read_kind(hook)});
  }
}

pod read_pod(proto::json_fields& fields) {
  pod read;
  read.meta = read_meta(fields);
  proto::json_fields spec = fields.object("spec");
  read.grace = read_seconds(spec, "terminationGracePeriodSeconds");
  read.node_name = spec.string("nodeName");
  read.subdomain = spec.string("subdomain");
  read_hooks(spec, "containers", read.pre_stop);
  read_hooks(spec, "initContainers", read.pre_stop);
  proto::json_fields status = fields.object("status");
  read.phase = status.string("phase");
  read.disruption_target = read_condition(status, "DisruptionTarget");
  return read;
}

partial_object read_partial(proto::json_fields& fields) {
  object_meta meta = read_meta(fields);
  return {std::move(meta.name), std::move(meta.uid), meta.deletion_timestamp};
}

}  // namespace

proto::result<pod> parse_pod(std::string_view body) { return read_object(source, body, "Pod", &read_pod); }

proto::result<object_list<pod>> parse_pod_list(std::string_view body) {
  return read_list(list_source, body, "PodList", &read_pod);
}

proto::result<object_list<partial_object>> parse_partial_list(std::string_view body) {
  return read_list(partial_source, body, "PartialObjectMetadataList", &read_partial);
}

}  // namespace ebb::kubernetes
