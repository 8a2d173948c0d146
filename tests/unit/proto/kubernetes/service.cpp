#include "proto/kubernetes/service.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using ebb::test::kubernetes_object;

TEST_CASE("a Service tells whether it is headless and keeps the names of pods that are not ready") {
  const auto keeps = parse_service(kubernetes_object("service.json"));
  REQUIRE(keeps.has_value());
  CHECK(keeps->headless);
  CHECK(keeps->publish_not_ready);
  const auto plain =
      parse_service(R"({"kind":"Service","metadata":{"name":"s","uid":"u"},"spec":{"clusterIP":"10.0.0.7"}})");
  REQUIRE(plain.has_value());
  CHECK_FALSE(plain->headless);
  CHECK_FALSE(plain->publish_not_ready);
  CHECK(parse_service(R"({"kind":"Pod","metadata":{"name":"s","uid":"u"}})").has_error());
  CHECK(parse_service(kubernetes_object("service.json", "true", "\"yes\"")).has_error());
}
