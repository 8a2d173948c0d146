#include "agent/pod/node_watch.hpp"

#include <algorithm>

namespace ebb::pod {

using core::cause;

std::string going(const kubernetes::node& n, const std::vector<std::string>& keys) {
  if (shutting_down(n)) return "it shuts down";
  for (const auto& t : n.taints)
    if (std::ranges::find(keys, t.key) != keys.end()) return "taint " + t.key;
  return n.unschedulable ? "it is cordoned" : "";
}

bool shutting_down(const kubernetes::node& n) {
  return n.ready && n.ready->status == "False" && n.ready->message.find("node is shutting down") != std::string::npos;
}

rt::task<> node_watch::run() {
  const auto& name = node_.settings.pod.node;
  if (!api_.configured()) co_return;
  if (name.empty()) {
    node_.pod.node_error = "the node's name is not known: set NODE_NAME by the downward API";
    co_return;
  }
  co_await watch_.run("/api/v1/nodes", name);
}

proto::result<std::string> node_watch::listed(std::string_view body, const moment&) {
  auto nodes = kubernetes::parse_node_list(body);
  if (!nodes) return nodes.error();
  if (!nodes->items.empty())
    if (const auto seen = saw(nodes->items.front()); !seen) return seen.error();
  return std::move(nodes->resource_version);
}

proto::result<void> node_watch::changed(std::string_view object, const moment&) {
  const auto n = kubernetes::parse_node(object);
  if (!n) return n.error();
  return saw(*n);
}

// Its pods are deleted as well, which is told by the pod.
proto::result<void> node_watch::deleted(std::string_view, const moment&) { return {}; }

void node_watch::trouble(std::string_view error) {
  if (node_.pod.node_error == error) return;
  node_.pod.node_error = error;
  journal_.node_trouble();
}

proto::result<void> node_watch::saw(const kubernetes::node& n) {
  if (auto error = another_object(n.meta, node_.settings.pod.node)) return std::move(*error);
  const auto why = going(n, node_.settings.kubernetes.taints);
  if (!why.empty())
    journal_.join(cause::node, "the node " + n.meta.name + " is about to go: " + why, api_.clock().now());
  else
    journal_.withdraw(cause::node);
  if (shutting_down(n)) journal_.node_shuts_down();
  return {};
}

}  // namespace ebb::pod
