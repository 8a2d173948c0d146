#include "tests/sim/fleet/api_pods.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace ebb::sim {

namespace json = boost::json;

api_object pod_object(const pod_facts& f) {
  const auto dash = f.name.rfind('-');
  api_object o;
  o["kind"] = "Pod";
  o["apiVersion"] = "v1";
  o["metadata"] = {
      {"name", f.name},
      {"namespace", f.name_space},
      {"generation", 1},
      {"labels",
       {{"app", f.set},
        {"apps.kubernetes.io/pod-index", dash == std::string::npos ? "0" : f.name.substr(dash + 1)},
        {"controller-revision-hash", f.set + "-5d9c7"},
        {"statefulset.kubernetes.io/pod-name", f.name}}},
      {"ownerReferences", json::array{api_object{{"apiVersion", "apps/v1"},
                                                 {"kind", "StatefulSet"},
                                                 {"name", f.set},
                                                 {"uid", "11111111-0000-4000-8000-000000000001"},
                                                 {"controller", true},
                                                 {"blockOwnerDeletion", true}}}},
  };
  api_object spec{{"terminationGracePeriodSeconds", f.grace},
                  {"containers", json::array{api_object{{"name", "executor"}, {"image", "dremio:25"}}}},
                  {"restartPolicy", "Always"}};
  if (!f.node.empty()) spec["nodeName"] = f.node;
  o["spec"] = std::move(spec);
  o["status"] = {{"phase", f.node.empty() ? "Pending" : "Running"},
                 {"podIP", f.ip},
                 {"conditions", json::array{api_object{{"type", "Ready"}, {"status", "True"}}}}};
  return o;
}

api_object node_object(const std::string& name) {
  json::array images;  // they make nodes big
  for (int i = 0; i < 50; ++i)
    images.push_back(api_object{{"names", json::array{"registry/image@sha256:" + std::string(64, 'a')}},
                                {"sizeBytes", 100'000'000 + i}});
  api_object o;
  o["kind"] = "Node";
  o["apiVersion"] = "v1";
  o["metadata"] = {{"name", name}, {"labels", {{"kubernetes.io/hostname", name}}}};
  o["spec"] = {{"podCIDR", "10.0.0.0/24"}};
  o["status"] = {{"conditions", json::array{api_object{{"type", "MemoryPressure"}, {"status", "False"}},
                                            api_object{{"type", "Ready"},
                                                       {"status", "True"},
                                                       {"reason", "KubeletReady"},
                                                       {"message", "kubelet is posting ready status"}}}},
                 {"images", std::move(images)}};
  return o;
}

void set_condition(api_object& of, std::string_view type, std::string_view status, std::string_view reason,
                   std::string_view message, rt::wall_time now) {
  auto& conditions = object_at(of, "status")["conditions"];
  if (!conditions.is_array()) conditions.emplace_array();
  auto& list = conditions.get_array();
  const auto at = index_of(list, "type", type);
  api_object made{{"type", type},
                  {"status", status},
                  {"reason", reason},
                  {"message", message},
                  {"lastTransitionTime", whole_seconds(now)}};
  if (at == list.size())
    list.emplace_back(std::move(made));
  else
    list[at] = std::move(made);
}

}  // namespace ebb::sim
