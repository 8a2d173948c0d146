#include "agent/upstream/fleet_lists.hpp"

#include <algorithm>

#include "agent/http/url.hpp"
#include "proto/kubernetes/pod.hpp"

namespace ebb::upstream {

using core::api_outcome;

namespace {

constexpr auto partial_pods = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

template <class T>
struct listing {
  std::string target, accept;
  std::size_t page, most;
  proto::result<kubernetes::object_list<T>> (*parse)(std::string_view);
};

// All pages.
template <class T>
rt::task<fleet_list> list(api_server& api, listing<T> what, std::vector<T>& all, rt::deadline dl) {
  const auto first = what.target + "limit=" + std::to_string(what.page);
  std::string next;
  do {
    const auto target = next.empty() ? first : first + "&continue=" + http::percent_encode(next);
    const auto r = co_await api.call("GET", target, {}, dl, what.accept);
    if (r.outcome != api_outcome::ok) co_return fleet_list{r.outcome, r.error};
    auto read = what.parse(r.body);
    if (!read) {
      api.complain(read.error().what);
      co_return fleet_list{api_outcome::retry, read.error().what};
    }
    std::ranges::move(read->items, std::back_inserter(all));
    next = read->continue_token;
    if (all.size() > what.most)
      co_return fleet_list{api_outcome::refused, "there are more than " + std::to_string(what.most)};
    // A page without an end would be asked for ever.
    if (read->items.empty() && !next.empty())
      co_return fleet_list{api_outcome::refused, "a page of the list is empty, and not the last one"};
  } while (!next.empty());
  co_return fleet_list{};
}

}  // namespace

std::string leases_path(const api_server& api, std::string_view name) {
  return api.collection("/apis/coordination.k8s.io/v1", "leases", name);
}

rt::task<wish_list> list_wishes(api_server& api, std::string cluster, rt::deadline dl) {
  wish_list out;
  const auto selector = http::percent_encode(std::string(core::cluster_label) + "=" + cluster);
  listing<kubernetes::lease> what{leases_path(api) + "?labelSelector=" + selector + "&",
                                  {},
                                  leases_of_a_page,
                                  core::wishes_limit,
                                  &kubernetes::parse_lease_list};
  static_cast<fleet_list&>(out) = co_await list(api, std::move(what), out.leases, dl);
  if (!out.error.empty()) out.error = "wishes: " + out.error;
  co_return out;
}

rt::task<pod_list> list_pods(api_server& api, rt::deadline dl) {
  pod_list out;
  std::vector<kubernetes::partial_object> pods;
  listing<kubernetes::partial_object> what{api.collection("/api/v1", "pods") + "?", partial_pods, pods_of_a_page,
                                           most_pods, &kubernetes::parse_partial_list};
  static_cast<fleet_list&>(out) = co_await list(api, std::move(what), pods, dl);
  if (!out.error.empty()) out.error = "pods: " + out.error;
  for (auto& p : pods) out.living.emplace(std::move(p.name), std::move(p.uid));
  co_return out;
}

}  // namespace ebb::upstream
