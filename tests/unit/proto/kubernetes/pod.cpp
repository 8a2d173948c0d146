#include "proto/kubernetes/pod.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using namespace std::chrono_literals;
using ebb::test::kubernetes_object;

TEST_CASE("a pod tells who it is, whose it is and what its grace and hooks are") {
  const auto pod = parse_pod(kubernetes_object("pod.json"));
  REQUIRE(pod.has_value());
  CHECK(pod->meta.name == "dremio-executor-3");
  CHECK(pod->meta.name_space == "analytics");
  CHECK(pod->meta.uid == "7b0c6c1e-2f6b-4f0e-9d57-0c1b6a3c9f10");
  CHECK(pod->meta.resource_version == "4711");
  CHECK_FALSE(pod->meta.deletion_timestamp);
  CHECK_FALSE(pod->meta.deletion_grace);
  REQUIRE(controller_of(pod->meta) != nullptr);
  CHECK(controller_of(pod->meta)->kind == "StatefulSet");
  CHECK(controller_of(pod->meta)->name == "dremio-executor");
  CHECK(controller_of(pod->meta)->uid == "0f3d2c6a-6c57-4f5e-8f8a-3f6f0e8a7d21");
  CHECK(pod->grace == 720s);
  CHECK(pod->node_name == "ip-10-1-2-4.ec2.internal");
  CHECK(pod->phase == "Running");
  CHECK_FALSE(pod->disruption_target);
  CHECK(pod->pre_stop == std::vector<pre_stop_hook>{{"dremio-executor", hook_kind::exec},
                                                    {"proxy", hook_kind::http_get},
                                                    {"log-shipper", hook_kind::sleep}});
}

TEST_CASE("of labels and annotations only our own are kept") {
  const auto pod = parse_pod(kubernetes_object("pod-evicted.json"));
  REQUIRE(pod.has_value());
  CHECK(pod->meta.labels.empty());
  CHECK(pod->meta.annotations == std::map<std::string, std::string>{{"ebb.dev/drain", "true"}});
  CHECK(value_of(pod->meta.annotations, "ebb.dev/drain") == "true");
  CHECK(value_of(pod->meta.annotations, "ebb.dev/none") == "");
}

TEST_CASE("an evicted pod tells by when it is killed, and why") {
  const auto pod = parse_pod(kubernetes_object("pod-evicted.json"));
  REQUIRE(pod.has_value());
  CHECK(pod->meta.deletion_timestamp == parse_time("2026-11-24T11:08:09Z"));
  CHECK(pod->meta.deletion_grace == 720s);
  CHECK(pod->disruption_target == condition{"True", "EvictionByEvictionAPI", "Eviction API: evicting"});
}

TEST_CASE("a deletion that cannot be read is an error, never a pod that stays") {
  for (const char* bad : {R"("soon")", "7", "{}", R"("2026-11-24T11:08:09")"}) {
    CAPTURE(bad);
    const auto pod = parse_pod(kubernetes_object("pod-evicted.json", R"("2026-11-24T11:08:09Z")", bad));
    REQUIRE(pod.has_error());
    CHECK_THAT(pod.error().what, Catch::StartsWith("pod: metadata.deletionTimestamp is "));
  }
}

TEST_CASE("durations are cut to what can be reckoned with") {
  const auto with = [](const char* grace) { return *parse_pod(kubernetes_object("pod.json", "720", grace))->grace; };
  CHECK(with("9223372036854775807") == longest_duration);
  CHECK(with("-1") == 0s);
  CHECK(with("0") == 0s);
}

TEST_CASE("null, missing and unknown fields of a pod are no errors") {
  const auto bare = parse_pod(R"({"kind":"Pod","metadata":{"name":"a","uid":"b"}})");
  REQUIRE(bare.has_value());
  CHECK_FALSE(bare->grace);
  const auto nulls = parse_pod(
      R"({"kind":"Pod","new":[1],"metadata":{"name":"a","uid":"b","creationTimestamp":null,"deletionTimestamp":null,)"
      R"("labels":null,"annotations":null,"ownerReferences":null},"spec":{"containers":null,"nodeName":null,)"
      R"("terminationGracePeriodSeconds":null},"status":{"conditions":null,"phase":null}})");
  REQUIRE(nulls.has_value());
  CHECK(nulls->pre_stop.empty());
  CHECK(parse_pod(R"({"kind":"Pod","metadata":{"name":"a","uid":"b"},"spec":null,"status":null})").has_value());
}

TEST_CASE("what is no pod is an error that names the place") {
  const auto error = [](const char* body) {
    const auto pod = parse_pod(body);
    return pod ? "" : pod.error().what;
  };
  CHECK(error("{}") == "pod: kind is missing or empty, expected a string");
  CHECK(error(R"({"kind":"Status"})") == R"(pod: kind is "Status", expected "Pod")");
  CHECK(error(R"({"kind":"Pod","metadata":{"uid":"b"}})") ==
        "pod: metadata.name is missing or empty, expected a string");
  CHECK(error(R"({"kind":"Pod","metadata":{"name":"a"}})") ==
        "pod: metadata.uid is missing or empty, expected a string");
  CHECK(error(R"({"kind":"Pod","metadata":{"name":"a","uid":"b"},"spec":[]})") ==
        "pod: spec is an array, expected an object");
  CHECK(error(R"({"kind":"Pod","metadata":{"name":"a","uid":"b","annotations":{"ebb.dev/a":1}}})") ==
        R"(pod: metadata.annotations has a value that is no string for "ebb.dev/a")");
  CHECK(error(R"({"kind":"Pod","metadata":{"name":"a","uid":"b"},"spec":{"containers":[{"name":"c"},7]}})") ==
        "pod: spec.containers[1] is 7, expected an object");
}

TEST_CASE("a pod cut at any byte is an error") {
  std::string body = kubernetes_object("pod-evicted.json");
  body.resize(body.find_last_of('}'));
  for (std::size_t length = 0; length < body.size(); length += 7) {
    CAPTURE(length);
    REQUIRE(parse_pod(body.substr(0, length)).has_error());
  }
}

TEST_CASE("an object up to 4 MiB is read, a larger one is an error") {
  std::string body = kubernetes_object("pod.json");
  body.insert(body.find("\"generateName\""),
              "\"padding\":\"" + std::string(object_body_limit - body.size() - 13, 'x') + "\",");
  REQUIRE(body.size() == object_body_limit);
  CHECK(parse_pod(body).has_value());
  CHECK(parse_pod(body + " ").has_error());
}

TEST_CASE("a list of pods has the version where a watch goes on, which is no pod's own") {
  const auto list = parse_pod_list(kubernetes_object("pod-list.json"));
  REQUIRE(list.has_value());
  CHECK(list->resource_version == "4788");
  CHECK(list->continue_token == "");
  REQUIRE(list->items.size() == 1);
  CHECK(list->items[0].meta.resource_version == "4711");
  const auto empty = parse_pod_list(kubernetes_object("pod-list-empty.json"));
  REQUIRE(empty.has_value());
  CHECK(empty->items.empty());
}

TEST_CASE("only what says that it is an empty list of pods is one") {
  CHECK(parse_pod_list(R"({"kind":"PodList","items":null})").has_value());
  CHECK(parse_pod_list("{}").has_error());
  CHECK(parse_pod_list(R"({"kind":"NodeList","items":[]})").has_error());
  CHECK(parse_pod_list(R"({"kind":"PodList","items":{}})").has_error());
}

TEST_CASE("a page of pods' metadata tells which live, and where the next begins") {
  const auto page = parse_partial_list(kubernetes_object("partial-list.json"));
  REQUIRE(page.has_value());
  REQUIRE(page->items.size() == 2);
  CHECK(page->items[0].name == "dremio-executor-0");
  CHECK(page->items[0].uid == "7b0c6c1e-2f6b-4f0e-9d57-0c1b6a3c9f10");
  CHECK_FALSE(page->items[0].deletion_timestamp);
  CHECK(page->items[1].deletion_timestamp.has_value());
  CHECK_FALSE(page->continue_token.empty());
}

TEST_CASE("a page beyond its bound is an error") {
  std::string body = R"({"kind":"PartialObjectMetadataList","items":[)";
  for (std::size_t i = 0; i <= list_items_limit; ++i) body += R"({"metadata":{"name":"a","uid":"b"}},)";
  body.back() = ']';
  const auto page = parse_partial_list(body + "}");
  REQUIRE(page.has_error());
  CHECK_THAT(page.error().what, Catch::Contains("items has more than 20000 objects"));
}
