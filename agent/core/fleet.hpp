#pragma once
// What the agents of one Dremio cluster tell each other: each keeps its wish for its own entry of the deny list in a
// Lease, and whoever has the turn writes the wishes of all at once.
//
//   Lease ebb-<pod>: owned by the pod (name and uid); labels ebb.dev/fleet, ebb.dev/cluster; annotations
//   ebb.dev/node (the exact entry), ebb.dev/wish (denied, allowed, none)
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/merge.hpp"
#include "proto/kubernetes/lease.hpp"

namespace ebb::core {

inline constexpr std::string_view fleet_label = "ebb.dev/fleet";
inline constexpr std::string_view cluster_label = "ebb.dev/cluster";
inline constexpr std::string_view node_annotation = "ebb.dev/node";
inline constexpr std::string_view wish_annotation = "ebb.dev/wish";
inline constexpr std::size_t wishes_limit = 10'000;  // beyond it each agent writes for itself alone

// `text` where it may be a label's value, else a hash of it, so that equal texts stay equal: at most 63 characters.
std::string label_value(std::string_view text);

// The label of a Dremio cluster: the id that its login tells, else the configured name, else its address.
std::string cluster_value(std::string_view of_login, std::string_view configured, std::string_view url);

// Names of Leases: "ebb-<pod>" and "ebb-deny-list-<cluster>"; a hash takes the place of what no name may be made of.
std::string wish_lease_name(std::string_view pod);
std::string turn_lease_name(std::string_view cluster_value);

// Who an agent is for the others.
struct fleet_member {
  std::string pod;
  std::string name_space;
  std::string uid;
  std::string fleet;    // value of the label
  std::string cluster;  // value of the label

  bool operator==(const fleet_member&) const = default;
};

// The Lease that tells `w` for the entry `node`, without a version.
kubernetes::lease wish_lease(const fleet_member& who, std::string_view node, wish w);

// A wish that may be applied for another.
struct fleet_wish {
  std::string pod;
  std::string node;
  wish wanted = wish::leave_alone;  // allowed or denied

  bool operator==(const fleet_wish&) const = default;
};

// Why a wish is left to its own agent.
enum class set_aside : unsigned char {
  pod_gone,      // no pod of that name lives
  pod_replaced,  // another uid: an earlier incarnation's
  other_node,    // it names a node that is not its pod's: "pod" and "pod.…" are
  twice,         // two wishes for one node
  unreadable,    // no owner, no node, a name that is not its pod's, a wish that is none
};
std::string_view name(set_aside why);

struct aside {
  std::string lease;
  std::string node;
  set_aside why = set_aside::unreadable;

  bool operator==(const aside&) const = default;
};

struct fleet_wishes {
  std::vector<fleet_wish> apply;  // by lease, in the order of the list
  std::vector<aside> left;
};

// Sorts the wishes of a cluster: those of other clusters, the own one and those that wish nothing are in neither list.
// `living`: the uid of each pod that is there.
fleet_wishes sort_wishes(std::span<const kubernetes::lease> leases, const std::map<std::string, std::string>& living,
                         std::string_view own_pod, std::string_view cluster);

// Whether any of them wishes something of others, so that it matters which pods live.
bool any_wish_of_others(std::span<const kubernetes::lease> leases, std::string_view own_pod, std::string_view cluster);

// The list that has to be written so that the own entry and those of `others` are as wished, or nothing when it is
// already so. A wish of others for the own entry counts for nothing.
std::optional<deny_list> merge_all(const deny_list& list, std::string_view entry, wish own,
                                   std::span<const fleet_wish> others);

}  // namespace ebb::core
