#pragma once
// Whether a node is the last of its engine that may take work: denying it would fail every query of the engine.
#include <span>
#include <string_view>

#include "agent/core/merge.hpp"
#include "proto/dremio/node_list.hpp"

namespace ebb::core {

enum class last_node : unsigned char { no, yes, unknown };  // unknown: the own row is missing

last_node judge_last_node(std::span<const dremio::node_row> rows, const deny_list& denied, std::string_view own);

}  // namespace ebb::core
