#include "proto/kubernetes/autoscaler.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using ebb::test::kubernetes_object;

TEST_CASE("an HPA tells what it scales and whether it can") {
  const auto list = parse_autoscaler_list(kubernetes_object("autoscaler-list.json"));
  REQUIRE(list.has_value());
  REQUIRE(list->items.size() == 2);
  const auto& first = list->items[0];
  CHECK(first.meta.name == "ebb");
  CHECK(first.target_kind == "StatefulSet");
  CHECK(first.target_name == "dremio-executor");
  CHECK(first.able->status == "True");
  CHECK(first.active->reason == "FailedGetObjectMetric");
  CHECK(list->items[1].target_kind == "Deployment");
  CHECK_FALSE(list->items[1].active);
}

TEST_CASE("an HPA without a target, and what is no list of HPAs, are errors that name the place") {
  const auto no_target = parse_autoscaler_list(kubernetes_object(
      "autoscaler-list.json", R"("kind": "StatefulSet", "name": "dremio-executor", "apiVersion")", R"("apiVersion")"));
  REQUIRE(no_target.has_error());
  CHECK_THAT(no_target.error().what, Catch::Contains("scaleTargetRef.kind"));
  CHECK(parse_autoscaler_list(R"({"kind":"PodList","items":[]})").has_error());
}
