#include "proto/kubernetes/node.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using ebb::test::kubernetes_object;

TEST_CASE("a node that stays has no cordon and no taint and is ready") {
  const auto node = parse_node(kubernetes_object("node.json"));
  REQUIRE(node.has_value());
  CHECK(node->meta.name == "ip-10-1-2-4.ec2.internal");
  CHECK_FALSE(node->unschedulable);
  CHECK(node->taints.empty());
  CHECK(node->ready == condition{"True", "KubeletReady", "kubelet is posting ready status"});
}

TEST_CASE("a node that goes tells so by cordon, taint and condition") {
  const auto nodes = parse_node_list(kubernetes_object("node-list.json"));
  REQUIRE(nodes.has_value());
  CHECK(nodes->resource_version == "4660");
  REQUIRE(nodes->items.size() == 1);
  const node& going = nodes->items[0];
  CHECK(going.unschedulable);
  CHECK(going.taints == std::vector<taint>{{"node.kubernetes.io/unschedulable", "NoSchedule"},
                                           {"ToBeDeletedByClusterAutoscaler", "NoSchedule"}});
  CHECK(going.ready == condition{"False", "KubeletNotReady", "node is shutting down"});
}

TEST_CASE("a condition's text is one printable line of bounded length") {
  const auto node = parse_node(
      kubernetes_object("node.json", "kubelet is posting ready status", "a\\u001b[2J\\nb" + std::string(500, 'x')));
  REQUIRE(node.has_value());
  CHECK_THAT(node->ready->message, Catch::StartsWith("a [2J bxxx") && Catch::EndsWith("x..."));
  CHECK(node->ready->message.size() == reason_limit);
}
