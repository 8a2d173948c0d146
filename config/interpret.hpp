#pragma once
// From what a source says to a checked value of a key: shape, syntax, bounds.
#include <optional>
#include <string>
#include <string_view>

#include "config/node.hpp"
#include "config/schema.hpp"

namespace ebb::config {

struct interpreted {
  std::optional<value> result;
  std::string
      fault;  // without a result: what is wrong and how to mend it, the middle of a line; never the value itself
};

// Bounds of every value, whatever its key: beyond them it is a fault.
inline constexpr std::size_t longest_text = 8 * 1024;
inline constexpr std::size_t longest_list = 32;

interpreted interpret(const key& of, const node& said);

// Environment and command line have only text: lists are separated by commas, numbers and flags are read as TOML would.
node node_of_text(const key& of, std::string_view text);

}  // namespace ebb::config
