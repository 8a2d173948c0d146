#include "proto/kubernetes/lease.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using namespace std::chrono_literals;
using ebb::test::kubernetes_object;

TEST_CASE("a lease tells who holds it, for how long and since when") {
  const auto lease = parse_lease(kubernetes_object("lease.json"));
  REQUIRE(lease.has_value());
  CHECK(lease->meta.name == "ebb-deny-list-4f3c9a7e");
  CHECK(lease->meta.resource_version == "4815");
  CHECK(lease->record == lease_record{"dremio-executor-3_7b0c6c1e-2f6b-4f0e-9d57-0c1b6a3c9f10", 5s,
                                      parse_micro_time("2026-11-24T10:56:09.123456Z"),
                                      parse_micro_time("2026-11-24T10:56:10.000001Z"), 7});
}

TEST_CASE("a wish has its pod, its labels and its annotations") {
  const auto list = parse_lease_list(kubernetes_object("lease-list.json"));
  REQUIRE(list.has_value());
  CHECK(list->continue_token == "");
  REQUIRE(list->items.size() == 2);
  const object_meta& meta = list->items[0].meta;
  CHECK(meta.owners == std::vector<owner_reference>{
                           {"v1", "Pod", "dremio-executor-0", "7b0c6c1e-2f6b-4f0e-9d57-0c1b6a3c9f10", false}});
  CHECK(value_of(meta.labels, "ebb.dev/cluster") == "4f3c9a7e");
  CHECK(value_of(meta.annotations, "ebb.dev/wish") == "denied");
  CHECK(list->items[0].record == lease_record{});
}

TEST_CASE("a lease is written as the server wants it") {
  lease wish;
  wish.meta.name = "ebb-dremio-executor-3";
  wish.meta.name_space = "analytics";
  wish.meta.labels = {{"ebb.dev/fleet", "dremio-executor"}, {"ebb.dev/cluster", "4f3c9a7e"}};
  wish.meta.annotations = {{"ebb.dev/wish", "denied"},
                           {"ebb.dev/node", "dremio-executor-3.dremio-cluster-pod.analytics.svc.cluster.local"}};
  wish.meta.owners = {{"v1", "Pod", "dremio-executor-3", "7b0c6c1e-2f6b-4f0e-9d57-0c1b6a3c9f10", false}};
  CHECK(write_lease(wish) == kubernetes_object("lease-written.json"));
}

TEST_CASE("a lease survives writing and reading, with the version that it replaces") {
  for (const char* name : {"lease.json", "lease-written.json"}) {
    std::string body = kubernetes_object(name);
    if (body.find("\"uid\":\"de7") == std::string::npos) body.insert(body.find("\"namespace\""), R"("uid":"c",)");
    const auto first = parse_lease(body);
    REQUIRE(first.has_value());
    const auto again = parse_lease(write_lease(*first));
    REQUIRE(again.has_value());
    CHECK(again->meta == first->meta);
    CHECK(again->record == first->record);
  }
}

TEST_CASE("a lease that nobody holds is one with an empty holder, or none") {
  CHECK(parse_lease(kubernetes_object("lease.json", "dremio-executor-3_7b0c6c1e-2f6b-4f0e-9d57-0c1b6a3c9f10", ""))
            ->record.holder == "");
  CHECK(parse_lease(R"({"kind":"Lease","metadata":{"name":"a","uid":"b"},"spec":null})")->record == lease_record{});
}

TEST_CASE("a lease with a time that cannot be read is an error") {
  const auto lease = parse_lease(kubernetes_object("lease.json", "2026-11-24T10:56:10.000001Z", "now"));
  REQUIRE(lease.has_error());
  CHECK(lease.error().what == R"(lease: spec.renewTime is "now", expected a time of RFC 3339)");
}
