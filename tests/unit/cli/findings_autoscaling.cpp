#include "agent/cli/findings.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb;
using Catch::Contains;
using cli::verdict;
using test::kubernetes_object;

namespace {

upstream::api_reply reply(core::api_outcome outcome, std::string body = {}) {
  upstream::api_reply r;
  r.outcome = outcome;
  r.body = std::move(body);
  if (outcome != core::api_outcome::ok) r.error = "HTTP 500";
  return r;
}

cli::finding only(const std::string& list) {
  const auto found = cli::about_autoscalers(reply(core::api_outcome::ok, list), "dremio-executor");
  REQUIRE(found.size() == 1);
  return found.front();
}

std::string list_with(const std::string& reason) {
  return kubernetes_object("autoscaler-list.json", "FailedGetObjectMetric", reason);
}

}  // namespace

TEST_CASE("check_autoscaler: an HPA that cannot scale is named with its reason and the mend") {
  struct row {
    std::string reason, mend;
  };
  for (const auto& [reason, mend] :
       {row{"FailedGetObjectMetric", "(`ebb:fragments_active:sum` and `ebb:fragments_active:known`)"},
        row{"FailedGetObjectMetric", "(it reads them when it starts: restart it after a change)"},
        row{"FailedGetExternalMetric", "hpa.metric.metricName"}, row{"AmbiguousSelector", "remove all but one"},
        row{"FailedGetScale", "executor.name"}, row{"Other", "kubectl describe hpa"}}) {
    CAPTURE(reason);
    const auto found = only(list_with(reason));
    CHECK(found.result == verdict::warning);
    CHECK_THAT(found.why, Contains("ebb for dremio-executor does not scale: " + reason + ": the HPA was unable"));
    CHECK_THAT(found.mend, Contains(mend));
  }
}

TEST_CASE("check_autoscaler: one that scales, one switched off, one that has not spoken, one of others, none") {
  const std::string failing = R"("type": "ScalingActive", "status": "False")";
  CHECK(only(kubernetes_object("autoscaler-list.json", failing, R"("type": "ScalingActive", "status": "True")")).why ==
        "ebb for dremio-executor: scales");
  CHECK(only(list_with("ScalingDisabled")).result == verdict::ok);
  CHECK_THAT(only(kubernetes_object("autoscaler-list.json", failing, R"("type": "Other", "status": "True")")).why,
             Contains("has not spoken yet"));
  const auto others = cli::about_autoscalers(reply(core::api_outcome::ok, kubernetes_object("autoscaler-list.json")),
                                             "dremio-executor-small");
  REQUIRE(others.size() == 1);
  CHECK(others.front().result == verdict::ok);
  CHECK(others.front().why == "none scales dremio-executor-small");
  CHECK_THAT(only(R"({"kind":"HorizontalPodAutoscalerList","items":[]})").why, Contains("none scales"));
}

TEST_CASE("check_autoscaler: without the right it is not seen, and that is no warning; an answer without sense is") {
  const auto without = cli::about_autoscalers(reply(core::api_outcome::forbidden), "e");
  CHECK(without.front().result == verdict::ok);
  CHECK_THAT(without.front().why, Contains("list of horizontalpodautoscalers"));
  CHECK(cli::about_autoscalers(reply(core::api_outcome::retry), "e").front().result == verdict::warning);
  CHECK(cli::about_autoscalers(reply(core::api_outcome::ok, "<html>"), "e").front().result == verdict::warning);
}

TEST_CASE("check_service: a headless Service that drops names of draining nodes is a warning with the patch") {
  const auto about = [](const std::string& body) {
    return cli::about_service(reply(core::api_outcome::ok, body), "s");
  };
  CHECK(about(kubernetes_object("service.json")).result == verdict::ok);
  const auto drops = about(kubernetes_object("service.json", ": true", ": false"));
  CHECK(drops.result == verdict::warning);
  CHECK_THAT(drops.mend, Contains("kubectl patch service s") && Contains("publishNotReadyAddresses"));
  CHECK(about("{}").result == verdict::warning);
  CHECK(cli::about_service(reply(core::api_outcome::forbidden), "s").result == verdict::ok);
  CHECK_THAT(cli::about_service(reply(core::api_outcome::missing), "s").why, Contains("there is no Service s"));
  CHECK(cli::about_service(reply(core::api_outcome::retry), "s").result == verdict::warning);
}
