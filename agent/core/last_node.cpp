#include "agent/core/last_node.hpp"

#include <algorithm>

namespace ebb::core {

last_node judge_last_node(std::span<const dremio::node_row> rows, const deny_list& denied, std::string_view own) {
  const auto mine =
      std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.is_executor && r.name == own; });
  if (mine == rows.end()) return last_node::unknown;
  const bool other = std::any_of(rows.begin(), rows.end(), [&](const dremio::node_row& r) {
    return r.is_executor && r.name != own && r.engine == mine->engine && r.status != "red" &&
           !r.is_denied.value_or(false) && !contains(denied, r.name);
  });
  return other ? last_node::no : last_node::yes;
}

}  // namespace ebb::core
