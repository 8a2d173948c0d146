#pragma once
// What a file says, key by key, in the order of its lines. Used by the loader.
#include <string_view>

#include "config/assembly.hpp"

namespace ebb::config {

// `file` is the name in messages and origins.
void apply_file(std::string_view text, std::string_view file, assembly& to);

}  // namespace ebb::config
