#pragma once
// core/v1 Node: whether it is about to go. Objects are large (the list of images) and up to 4 MiB are read.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/kubernetes/condition.hpp"
#include "proto/kubernetes/object_list.hpp"
#include "proto/kubernetes/object_meta.hpp"
#include "proto/parse_error.hpp"

namespace ebb::kubernetes {

struct taint {
  std::string key;
  std::string effect;  // "NoSchedule", "PreferNoSchedule", "NoExecute"

  bool operator==(const taint&) const = default;
};

struct node {
  object_meta meta;
  bool unschedulable = false;  // cordoned
  std::vector<taint> taints;
  std::optional<condition> ready;  // its message tells that the node is shutting down
};

proto::result<node> parse_node(std::string_view body);
proto::result<object_list<node>> parse_node_list(std::string_view body);

}  // namespace ebb::kubernetes
