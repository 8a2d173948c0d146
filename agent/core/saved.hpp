#pragma once
// The life of a node as the bytes that init keeps for the next agent.
#include <optional>
#include <span>
#include <vector>

#include "agent/core/life.hpp"

namespace ebb::core {

constexpr std::size_t saved_limit = 768;

// Little-endian, versioned, at most saved_limit bytes.
std::vector<std::byte> encode(const life& l);

// Nothing when the bytes are not ours: another version, truncated, values out of range.
std::optional<life> decode_life(std::span<const std::byte> bytes);

}  // namespace ebb::core
