#pragma once
// Pods and nodes as a StatefulSet, a scheduler and a kubelet make them.
#include <string>

#include "tests/sim/fleet/api_object.hpp"

namespace ebb::sim {

inline constexpr auto fleet_namespace = "dremio";

struct pod_facts {
  std::string name;
  std::string name_space = fleet_namespace;
  std::string set = "executor";  // the StatefulSet
  std::string node = "node-1";   // empty: not bound yet
  std::string ip = "10.0.0.1";
  std::int64_t grace = 600;
};
api_object pod_object(const pod_facts& facts);

api_object node_object(const std::string& name);

// Sets, or adds, the condition of that type.
void set_condition(api_object& of, std::string_view type, std::string_view status, std::string_view reason,
                   std::string_view message, rt::wall_time now);

}  // namespace ebb::sim
