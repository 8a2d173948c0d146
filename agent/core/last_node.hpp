#pragma once
// Whether a node is the last of its engine that may take work: denying it would fail every query of the engine.
#include <span>
#include <string_view>

#include "agent/core/merge.hpp"
#include "proto/dremio/node_list.hpp"

namespace ebb::core {

enum class last_node : unsigned char { no, yes, unknown };  // unknown: the own row is missing

// For the person who asked.
inline constexpr std::string_view last_node_refusal =
    "this is the last node of its engine that takes work: every query would fail; scale out first, or repeat with "
    "force";

last_node judge_last_node(std::span<const dremio::node_row> rows, const deny_list& denied, std::string_view own);

}  // namespace ebb::core
