#pragma once
// GET and POST /api/v3/nodeCollections/blacklist: a JSON array of node names, the whole list each time.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/parse_error.hpp"

namespace ebb::dremio {

inline constexpr std::size_t deny_list_body_limit = 8 * 1024 * 1024;
inline constexpr std::size_t deny_list_entries_limit = 100'000;
inline constexpr std::size_t deny_list_entry_limit = 4 * 1024;  // bytes

// The entries as they are: order, duplicates and whatever other writers put there. What could not be written back
// unchanged, an entry that is no string, is an error.
proto::result<std::vector<std::string>> parse_deny_list(std::string_view body);

// Inverse of parse_deny_list.
std::string write_deny_list(std::span<const std::string> entries);

}  // namespace ebb::dremio
