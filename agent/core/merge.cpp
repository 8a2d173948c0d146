#include "agent/core/merge.hpp"

#include <algorithm>

namespace ebb::core {

std::string_view name(wish w) {
  switch (w) {
    case wish::allowed: return "allowed";
    case wish::denied: return "denied";
    case wish::leave_alone: break;
  }
  return "leave_alone";
}

bool contains(const deny_list& list, std::string_view entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

std::optional<deny_list> merge(const deny_list& list, std::string_view entry, wish w) {
  if (w == wish::leave_alone || contains(list, entry) == (w == wish::denied)) return std::nullopt;
  deny_list out;
  out.reserve(list.size() + 1);
  std::copy_if(list.begin(), list.end(), std::back_inserter(out), [&](const std::string& e) { return e != entry; });
  if (w == wish::denied) out.emplace_back(entry);
  return out;
}

}  // namespace ebb::core
