#pragma once
// The deny list is shared: change only the own entry, keep all others untouched and in order.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb::core {

using deny_list = std::vector<std::string>;

enum class wish : unsigned char { leave_alone, allowed, denied };
std::string_view name(wish w);

// Exact comparison, as Dremio compares: executor-1 is not executor-10, and case counts.
bool contains(const deny_list& list, std::string_view entry);

// The list that has to be written so that `entry` is as wished, or nothing when `list` is already so. A denied entry is
// appended; an allowed one is removed wherever it stands.
std::optional<deny_list> merge(const deny_list& list, std::string_view entry, wish w);

}  // namespace ebb::core
