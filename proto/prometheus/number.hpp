#pragma once
// Numbers as Prometheus writes them: Go's ParseFloat and FormatFloat, less hexadecimal and underscores.
#include <optional>
#include <string>
#include <string_view>

namespace ebb::prometheus {

// "3", "-0.5", "+1", "1.0E9", ".5", "inf", "+Infinity", "NaN" (any case, NaN without a sign). Nothing for all else, for
// blanks around, and for what a double cannot hold (1e400, 1e-400).
std::optional<double> parse_number(std::string_view text);

// The shortest text that reads back as the same value; NaN, +Inf and -Inf as the format wants them.
std::string format_number(double value);

}  // namespace ebb::prometheus
