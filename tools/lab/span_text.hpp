#pragma once
// Durations and ranges of them as people write them: "200ms", "1.5s", "2m", "1s-3s". A number alone is in seconds.
#include <optional>
#include <string_view>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

std::optional<span> parse_span(std::string_view text);

}  // namespace ebb::lab
