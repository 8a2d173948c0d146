#include "agent/core/fleet_view.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace ebb::core {
namespace {

std::string_view first_label(std::string_view node) { return node.substr(0, node.find('.')); }
std::string_view domain(std::string_view node) { return node.substr(first_label(node).size()); }

// "executor-" of "executor-3"; all of a name without a number.
std::string_view up_to_number(std::string_view label) {
  return label.substr(0, label.find_last_not_of("0123456789") + 1);
}

bool resembles(std::string_view node, std::string_view own) {
  return domain(node) == domain(own) && up_to_number(first_label(node)) == up_to_number(first_label(own));
}

standing standing_of(wish w, bool on_list) {
  if (on_list == (w == wish::denied)) return standing::as_wished;
  return on_list ? standing::left_over : standing::missing;
}

}  // namespace

fleet_view compare(std::span<const kubernetes::lease> leases, const std::map<std::string, std::string>& living,
                   std::string_view cluster, const deny_list& list, std::string_view own) {
  const auto sorted = sort_wishes(leases, living, {}, cluster);
  fleet_view view;
  std::set<std::string_view> wished, of_gone;
  for (const auto& w : sorted.apply) {
    wished.insert(w.node);
    const bool on_list = contains(list, w.node);
    view.nodes.push_back({w.node, w.wanted, on_list, standing_of(w.wanted, on_list)});
  }
  for (const auto& a : sorted.left) {
    if (a.why == set_aside::pod_gone || a.why == set_aside::pod_replaced)
      of_gone.insert(a.node);
    else
      view.left.push_back(a);
  }
  for (const auto& entry : std::set<std::string_view>(list.begin(), list.end())) {
    if (wished.contains(entry)) continue;
    const bool lives = living.contains(std::string(first_label(entry)));
    const bool of_fleet = of_gone.contains(entry) || resembles(entry, own);
    view.nodes.push_back({std::string(entry), wish::leave_alone, true,
                          lives      ? standing::of_person
                          : of_fleet ? standing::stale
                                     : standing::foreign});
  }
  std::ranges::sort(view.nodes, {}, [](const compared& c) { return std::tie(c.is, c.node); });
  return view;
}

}  // namespace ebb::core
