#pragma once
// What is found, judged from what was seen: pure, so that every answer of a server has its line in a table of tests.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/cli/finding.hpp"
#include "agent/core/fleet_view.hpp"
#include "agent/core/merge.hpp"
#include "agent/keeper/list_port.hpp"
#include "agent/upstream/api_server.hpp"
#include "agent/upstream/executor.hpp"
#include "agent/upstream/fleet_lists.hpp"
#include "agent/upstream/prometheus.hpp"
#include "config/environment.hpp"
#include "config/loader.hpp"
#include "proto/dremio/node_list.hpp"
#include "proto/kubernetes/pod.hpp"

namespace ebb::cli {

// Of this machine: the loader's warnings, the deadline that is derived from the grace, variables that are not used.
std::vector<finding> about_configuration(const config::loaded& loaded);
finding about_grace(const config::settings& s, std::optional<core::duration> of_pod = {});  // as the API tells it
std::vector<finding> about_proxies(const config::environment& env);

// Of the coordinator. `error` of a login that failed; empty: it did not.
finding about_login(const config::dremio_settings& s, const std::string& error, const std::string& version);
finding about_privilege(std::optional<bool> can_manage_nodes);
finding about_list(const keeper::list_call& read);

// Of this node. `addresses`: its own, as text.
struct own_name {
  std::string name, source;  // configured, pinned, computed
};
finding about_row(const own_name& own, std::span<const std::string> addresses, std::span<const dremio::node_row> rows);
finding about_entry(const own_name& own, const core::deny_list& list);

// Of the Kubernetes API. `missing`: why there is none to ask. `r` is the answer to the request that the right is for.
finding about_api(const config::settings& s, const std::string& missing);
finding about_pod(const config::settings& s, const upstream::api_reply& r, const std::optional<kubernetes::pod>& pod);
finding about_nodes(const config::settings& s, const upstream::api_reply& r);
finding about_events(const upstream::api_reply& r);

// Of what scales the executors, and of the Service that gives them their names: `r` is the answer to the list of HPAs
// of the own namespace, or to the Service of the pod's subdomain.
std::vector<finding> about_autoscalers(const upstream::api_reply& r, const std::string& stateful_set);
finding about_service(const upstream::api_reply& r, const std::string& name);

// Of the other agents: whose wishes or pods cannot be had, or the wishes and the list side by side, stale entries
// first.
finding about_unread_fleet(const upstream::fleet_list& l, std::string_view rule);
std::vector<finding> about_fleet(const core::fleet_view& view);

// Of the executor and of Prometheus.
finding about_live(const upstream::live_look& look, const std::string& url);
finding about_metric(const upstream::load_look& look, std::span<const std::string> names);
finding about_history(const upstream::history& seen, const std::string& query, rt::time_point now);

}  // namespace ebb::cli
