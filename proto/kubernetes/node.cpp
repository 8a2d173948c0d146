#include "proto/kubernetes/node.hpp"

#include "proto/kubernetes/reading.hpp"

namespace ebb::kubernetes {
namespace {

constexpr proto::json_source source{"node", object_body_limit};
constexpr proto::json_source list_source{"list of nodes", list_body_limit};

node read_node(proto::json_fields& fields) {
  node read;
  read.meta = read_meta(fields);
  proto::json_fields spec = fields.object("spec");
  read.unschedulable = spec.boolean("unschedulable").value_or(false);
  for (proto::json_fields& one : spec.objects("taints")) {
    read.taints.push_back({one.required_string("key"), one.string("effect")});
  }
  proto::json_fields status = fields.object("status");
  read.ready = read_condition(status, "Ready");
  return read;
}

}  // namespace

proto::result<node> parse_node(std::string_view body) { return read_object(source, body, "Node", &read_node); }

proto::result<object_list<node>> parse_node_list(std::string_view body) {
  return read_list(list_source, body, "NodeList", &read_node);
}

}  // namespace ebb::kubernetes
