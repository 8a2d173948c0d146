#pragma once
// The wishes of a fleet and the deny list side by side: for people. Nothing is changed by it.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/fleet.hpp"

namespace ebb::core {

// In the order in which people want to know of it.
enum class standing : unsigned char {
  stale,      // on the list, of a pod of this fleet that is gone
  missing,    // denied, and not on the list
  left_over,  // allowed, and on the list
  as_wished,
  of_person,  // on the list, of a living pod whose agent wishes nothing of others
  foreign,    // on the list, of nobody that is known here
};

struct compared {
  std::string node;
  wish wanted = wish::leave_alone;
  bool on_list = false;
  standing is = standing::foreign;

  bool operator==(const compared&) const = default;
};

struct fleet_view {
  std::vector<compared> nodes;  // every wish and every entry; by standing, then by name
  std::vector<aside> left;      // wishes of living pods that nobody applies
};

// `own`: the name of a node of this fleet. What has its domain, or where it has none its name up to the number, is of
// this fleet also when neither its pod nor its wish is there any more.
fleet_view compare(std::span<const kubernetes::lease> leases, const std::map<std::string, std::string>& living,
                   std::string_view cluster, const deny_list& list, std::string_view own);

}  // namespace ebb::core
