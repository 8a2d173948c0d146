// What is learned of the own node.
#include "tests/unit/pod/fixture.hpp"

namespace ebb::pod {
namespace {

using core::cause;
using core::cause_set;

std::string node_json(std::string_view spec, std::string_view conditions = "") {
  return R"({"kind":"Node","apiVersion":"v1","metadata":{"name":"n1","uid":"n","resourceVersion":"9"},"spec":{)" +
         std::string(spec) + R"(},"status":{"conditions":[)" + std::string(conditions) + "]}}";
}
constexpr auto cordon = R"("unschedulable":true)";
constexpr auto shutdown =
    R"({"type":"Ready","status":"False","reason":"KubeletNotReady","message":"node is shutting down"})";

TEST_CASE("a cordon, a known taint and a shutdown say that a node is about to go, and nothing else does", "[pod]") {
  struct row {
    std::string json, is;
  };
  const auto& keys = config::kubernetes_settings().taints;
  const auto taint = [](std::string key) { return R"("taints":[{"key":")" + key + R"(","effect":"NoSchedule"}])"; };
  for (const auto& r : std::vector<row>{
           {node_json(""), ""},
           {node_json(R"("unschedulable":null,"taints":null)"), ""},
           {node_json(cordon), "it is cordoned"},
           {node_json(taint("ToBeDeletedByClusterAutoscaler")), "taint ToBeDeletedByClusterAutoscaler"},
           {node_json(taint("karpenter.sh/disrupted")), "taint karpenter.sh/disrupted"},
           {node_json(taint("node.kubernetes.io/not-ready")), ""},
           {node_json(taint("DeletionCandidateOfClusterAutoscaler")), ""},
           {node_json(cordon, shutdown), "it shuts down"},
           {node_json("", R"({"type":"Ready","status":"False","message":"container runtime is down"})"), ""},
           {node_json("", R"({"type":"Ready","status":"True","message":"kubelet is posting ready status"})"), ""}}) {
    INFO(r.json);
    const auto n = kubernetes::parse_node(r.json);
    REQUIRE(n.has_value());
    CHECK(going(*n, keys) == r.is);
  }
}

TEST_CASE("a cordon denies early, stops nothing, and is undone when it goes", "[pod]") {
  fixture f;
  f.loop.spawn(f.nodes.run());
  f.loop.poll();
  CHECK_THAT(f.asked(0), ContainsSubstring("GET /api/v1/nodes?fieldSelector=metadata.name%3Dn1 "));
  f.answer(0, list_json(node_json(cordon), "NodeList"));
  CHECK(f.node.life.causes == cause_set{cause::node});
  CHECK_FALSE(f.node.life.first_irrevocable);
  f.begin_stream(1);
  f.chunk(1, event_json("MODIFIED", node_json("")));
  CHECK(f.node.life.causes.empty());
}

TEST_CASE("what is told of another node is no word about ours", "[pod]") {
  fixture f;
  f.loop.spawn(f.nodes.run());
  f.loop.poll();
  auto other = node_json(cordon);
  other.replace(other.find("n1"), 2, "n2");
  f.answer(0, list_json(other, "NodeList"));
  CHECK(f.node.life.causes.empty());
  CHECK_THAT(f.node.pod.node_error, ContainsSubstring("n2"));
}

TEST_CASE("a node that shuts down is told once, and stays so", "[pod]") {
  fixture f;
  f.loop.spawn(f.nodes.run());
  f.loop.poll();
  f.answer(0, list_json(node_json("", shutdown), "NodeList"));
  const auto told = f.node.life.pod.node_shutdown;
  REQUIRE(told);
  f.begin_stream(1);
  f.loop.advance(5s);
  f.chunk(1, event_json("MODIFIED", node_json(cordon, shutdown)));
  CHECK(f.node.life.pod.node_shutdown == told);
}

TEST_CASE("without the right to nodes everything else goes on, and it is asked for each ten minutes", "[pod]") {
  fixture f;
  f.loop.spawn(f.nodes.run());
  f.loop.poll();
  f.asked(0);
  f.answer(0, R"({"kind":"Status","code":403,"message":"nodes is forbidden"})", "403 Forbidden");
  CHECK_THAT(f.node.pod.node_error, ContainsSubstring("nodes is forbidden; give the service account this right"));
  CHECK(f.node.pod.error.empty());
  f.loop.advance(599s);
  CHECK(f.net.servers.size() == 1);
  f.loop.advance(1s);
  CHECK(f.net.servers.size() == 2);
}

}  // namespace
}  // namespace ebb::pod
