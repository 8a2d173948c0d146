#pragma once
// What a source says about a key, before it is understood: the shape that a TOML file, an environment variable and a
// --set have in common.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ebb::config {

struct node;
using node_list = std::vector<node>;

// A shape that no key takes: a table, a date, a list in a list.
struct foreign {
  std::string_view what;  // "a table"
};

struct node {
  std::variant<std::string, bool, std::int64_t, double, node_list, foreign> is;
};

// "a string", "a whole number", … for messages.
std::string_view shape(const node& of);

// The value as it stands in a message: in quotes where it is a string, cut where it is long.
std::string shown(const node& of);

}  // namespace ebb::config
