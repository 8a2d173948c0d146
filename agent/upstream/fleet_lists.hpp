#pragma once
// The wishes of a fleet, and the pods that live: lists of the Kubernetes API, page by page.
#include <map>
#include <string>
#include <vector>

#include "agent/core/fleet.hpp"
#include "agent/upstream/api_server.hpp"

namespace ebb::upstream {

constexpr std::size_t leases_of_a_page = 2500;
constexpr std::size_t pods_of_a_page = 500;
constexpr std::size_t most_pods = 20'000;  // of the namespace

struct fleet_list {
  core::api_outcome outcome = core::api_outcome::ok;
  std::string error;  // why there are none, or not all; empty: these are all
};
struct wish_list : fleet_list {
  std::vector<kubernetes::lease> leases;  // of one cluster
};
struct pod_list : fleet_list {
  std::map<std::string, std::string> living;  // uids by name
};

// At most core::wishes_limit; beyond that an error, `refused`.
rt::task<wish_list> list_wishes(api_server& api, std::string cluster, rt::deadline dl);
rt::task<pod_list> list_pods(api_server& api, rt::deadline dl);

// Of the namespace's Leases, or of one: "/apis/…/leases/NAME".
std::string leases_path(const api_server& api, std::string_view name = {});

}  // namespace ebb::upstream
