#include <algorithm>
#include <ranges>

#include "agent/cli/findings.hpp"
#include "agent/cli/words.hpp"

namespace ebb::cli {

using core::standing;
using core::wish;

namespace {

constexpr std::size_t nodes_told = 30;

std::string side_by_side(const core::compared& c) {
  const std::string wanted = c.wanted == wish::leave_alone ? "no wish" : "wish " + std::string(core::name(c.wanted));
  return c.node + ": " + wanted + ", " + (c.on_list ? "on the list" : "not on the list");
}

finding about(const core::compared& c) {
  constexpr auto check = "fleet.node";
  const auto both = side_by_side(c);
  switch (c.is) {
    case standing::stale:
      return warning(check, both + "; stale: no pod of this name lives",
                     "take it off in Dremio's Node Activity, or leave it to the next pod of that name");
    case standing::missing:
      return warning(check, both, "its agent puts it there within seconds; if not, ask `ebb status` in that pod");
    case standing::left_over:
      return warning(check, both, "its agent takes it off within seconds; if not, ask `ebb status` in that pod");
    case standing::as_wished: return good(check, both);
    case standing::of_person: return good(check, both + ": a person's, which its agent respects");
    case standing::foreign: break;
  }
  return good(check, both + ": not of this fleet");
}

std::string summary(const core::fleet_view& view) {
  const auto with = [&](auto holds) { return std::ranges::count_if(view.nodes, holds); };
  const auto denied = with([](const auto& c) { return c.wanted == wish::denied; });
  const auto allowed = with([](const auto& c) { return c.wanted == wish::allowed; });
  const auto listed = with([](const auto& c) { return c.on_list; });
  return counted(denied, "node") + " denied and " + std::to_string(allowed) + " allowed by their agents, " +
         counted(listed, "node") + " on the list";
}

}  // namespace

std::vector<finding> about_fleet(const core::fleet_view& view) {
  std::vector<finding> out{good("fleet", summary(view))};
  for (const auto& c : view.nodes | std::views::take(nodes_told)) out.push_back(about(c));
  if (view.nodes.size() > nodes_told)
    out.push_back(good("fleet.node", "and " + std::to_string(view.nodes.size() - nodes_told) + " more"));
  for (const auto& a : view.left | std::views::take(nodes_told))
    out.push_back(warning("fleet.wish", "Lease " + a.lease + " is not applied: " + std::string(core::name(a.why)),
                          "its agent writes for itself; remove the Lease where there is none"));
  return out;
}

}  // namespace ebb::cli
