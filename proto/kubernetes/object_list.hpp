#pragma once
// An answer to LIST: one page of objects.
#include <cstddef>
#include <string>
#include <vector>

namespace ebb::kubernetes {

inline constexpr std::size_t list_body_limit = 16 * 1024 * 1024;  // bytes
inline constexpr std::size_t list_items_limit = 20'000;           // of one page

template <class T>
struct object_list {
  std::vector<T> items;
  std::string resource_version;  // of the list, where a WATCH goes on; never an item's
  std::string continue_token;    // "": this was the last page
};

}  // namespace ebb::kubernetes
