#include "agent/cli/findings.hpp"
#include "proto/kubernetes/autoscaler.hpp"
#include "proto/kubernetes/service.hpp"

namespace ebb::cli {

using core::api_outcome;

namespace {

constexpr auto scaler_check = "autoscaler", service_check = "service";

// What the controller of HPAs says when it cannot scale, and what mends it.
std::string mend_of(const kubernetes::condition& c) {
  if (c.reason == "AmbiguousSelector")
    return "remove all but one; with Dremio's chart switch its own HPA off, and do not use an HPA beside KEDA";
  if (c.reason == "FailedGetScale") return "set hpa and executor.name to a StatefulSet that is there";
  if (c.reason.starts_with("FailedGet"))
    return "does Prometheus have both series (`ebb:fragments_active:sum` and `ebb:fragments_active:known`), has "
           "prometheus-adapter the chart's rules (it reads them when it starts: restart it after a change), and is "
           "hpa.metric.metricName the name that they give?";
  return "look at `kubectl describe hpa`";
}

bool failed(const std::optional<kubernetes::condition>& c) { return c && c->status == "False"; }

finding about(const kubernetes::autoscaler& a, const std::string& stateful_set) {
  const auto who = a.meta.name + " for " + stateful_set;
  for (const auto& c : {a.able, a.active}) {
    // ScalingDisabled is a person's doing: 0 replicas were asked for.
    if (failed(c) && c->reason != "ScalingDisabled")
      return warning(scaler_check, who + " does not scale: " + c->reason + ": " + c->message, mend_of(*c));
  }
  if (!a.active) return warning(scaler_check, who + " has not spoken yet", "ask again in a minute");
  return good(scaler_check, who + (failed(a.active) ? ": switched off, 0 replicas were asked for" : ": scales"));
}

}  // namespace

std::vector<finding> about_autoscalers(const upstream::api_reply& r, const std::string& stateful_set) {
  if (r.outcome == api_outcome::forbidden)
    return {good(scaler_check, "not permitted: whether an HPA works is not seen (list of horizontalpodautoscalers)")};
  if (r.outcome != api_outcome::ok)
    return {warning(scaler_check, r.error + ": whether an HPA works is not seen", "look at the API server")};
  const auto list = kubernetes::parse_autoscaler_list(r.body);
  if (!list) return {warning(scaler_check, list.error().what, "look at the API server and kubernetes.url")};
  std::vector<finding> out;
  for (const auto& a : list->items)
    if (a.target_kind == "StatefulSet" && a.target_name == stateful_set) out.push_back(about(a, stateful_set));
  if (out.empty()) out.push_back(good(scaler_check, "none scales " + stateful_set));
  return out;
}

finding about_service(const upstream::api_reply& r, const std::string& name) {
  if (r.outcome == api_outcome::forbidden)
    return good(service_check, "not permitted: whether " + name + " keeps names is not seen (get of services)");
  if (r.outcome == api_outcome::missing)
    return warning(service_check, "there is no Service " + name + ": the pod's name cannot be resolved",
                   "create it, headless, with publishNotReadyAddresses: true");
  if (r.outcome != api_outcome::ok)
    return warning(service_check, r.error + ": whether " + name + " keeps names is not seen", "look at the API server");
  const auto service = kubernetes::parse_service(r.body);
  if (!service) return warning(service_check, service.error().what, "look at the API server and kubernetes.url");
  if (service->headless && !service->publish_not_ready)
    return warning(
        service_check,
        name + " drops the name of a pod that is not ready: while a node drains, queries may fail to reach it",
        "kubectl patch service " + name + " -p '{\"spec\":{\"publishNotReadyAddresses\":true}}', or deploy/kustomize");
  return good(service_check, name + " keeps the names of pods that drain");
}

}  // namespace ebb::cli
