#include "proto/kubernetes/object_meta.hpp"

#include <algorithm>

namespace ebb::kubernetes {

const owner_reference* controller_of(const object_meta& meta) {
  const auto found = std::ranges::find_if(meta.owners, &owner_reference::controller);
  return found == meta.owners.end() ? nullptr : &*found;
}

std::string_view value_of(const std::map<std::string, std::string>& values, std::string_view key) {
  const auto found = values.find(std::string(key));
  return found == values.end() ? std::string_view() : found->second;
}

}  // namespace ebb::kubernetes
