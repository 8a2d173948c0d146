#include "agent/cli/findings.hpp"
#include "agent/cli/words.hpp"
#include "proto/kubernetes/node.hpp"

namespace ebb::cli {

using core::api_outcome;

namespace {

std::string mend_of(api_outcome o, std::string_view rule) {
  switch (o) {
    case api_outcome::forbidden: return "give the service account " + std::string(rule) + ", as deploy/rbac.yaml does";
    case api_outcome::token: return "is kubernetes.token_file the service account's, and does the pod still exist?";
    case api_outcome::missing: return "set POD_NAME and POD_NAMESPACE by the downward API";
    default: return "look at the API server, kubernetes.url and kubernetes.ca_file";
  }
}

}  // namespace

finding about_api(const config::settings& s, const std::string& missing) {
  if (s.kubernetes.mode == config::kubernetes_mode::off) return good("kubernetes", "switched off: kubernetes.mode");
  const bool wanted = s.kubernetes.mode == config::kubernetes_mode::required;
  if (!s.pod.in_kubernetes && s.kubernetes.url.empty() && !wanted)
    return good("kubernetes", "not in a cluster: there is no API to ask");
  constexpr auto mend = "mount the service account, and set POD_NAME and POD_NAMESPACE by the downward API";
  return wanted ? failure("kubernetes", missing, mend) : warning("kubernetes", missing, mend);
}

finding about_pod(const config::settings& s, const upstream::api_reply& r, const std::optional<kubernetes::pod>& pod) {
  constexpr auto rule = "get, list and watch of pods";
  if (pod) {
    const auto seen = pod->meta.name_space + "/" + pod->meta.name + ", grace " +
                      (pod->grace ? span_text(*pod->grace) : std::string("not known"));
    if (!s.pod.uid.empty() && s.pod.uid != pod->meta.uid)
      return failure("kubernetes.pod", seen + " is another pod: its uid is not POD_UID",
                     "set POD_NAME and POD_UID by the downward API");
    return good("kubernetes.pod", seen + (pod->meta.deletion_timestamp ? ", being deleted" : ""));
  }
  const auto why = (r.error.empty() ? "the answer makes no sense" : r.error) + ": the pod's deadline is not known";
  if (s.kubernetes.mode == config::kubernetes_mode::required)
    return failure("kubernetes.pod", why, mend_of(r.outcome, rule));
  return warning("kubernetes.pod", why, mend_of(r.outcome, rule));
}

finding about_nodes(const config::settings& s, const upstream::api_reply& r) {
  if (s.pod.node.empty())
    return warning("kubernetes.node", "the node's name is not known: cordons and taints are not seen",
                   "set NODE_NAME by the downward API");
  if (r.outcome == api_outcome::ok) {
    const auto nodes = kubernetes::parse_node_list(r.body);
    if (!nodes) return warning("kubernetes.node", nodes.error().what, "look at the API server and kubernetes.url");
    if (nodes->items.empty())
      return warning("kubernetes.node", "there is no node " + s.pod.node + ": cordons and taints are not seen",
                     "set NODE_NAME by the downward API");
    return good("kubernetes.node", s.pod.node + ": cordons and taints are seen");
  }
  // The one right that many will not give.
  if (r.outcome == api_outcome::forbidden)
    return good("kubernetes.node",
                "not permitted: cordons and taints are not seen (the ClusterRole of deploy/rbac.yaml)");
  return warning("kubernetes.node", r.error, mend_of(r.outcome, "get, list and watch of nodes"));
}

finding about_events(const upstream::api_reply& r) {
  if (r.outcome == api_outcome::ok) return good("kubernetes.events", "transitions are told as Events on the pod");
  return warning("kubernetes.events", r.error + ": no Events on the pod",
                 mend_of(r.outcome, "create of events.k8s.io events"));
}

finding about_unread_fleet(const upstream::fleet_list& l, std::string_view rule) {
  return warning("fleet", l.error + ": the list is written for each node alone, and all wishes still converge",
                 l.outcome == api_outcome::refused
                     ? "take away what nobody needs where there is too much; else look at the API server"
                     : mend_of(l.outcome, rule));
}

}  // namespace ebb::cli
