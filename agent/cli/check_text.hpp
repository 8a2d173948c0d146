#pragma once
// Findings for people and for programs.
#include <span>
#include <string>

#include "agent/cli/finding.hpp"

namespace ebb::cli {

// One line with its end: result, check, why, and the mend behind a semicolon.
std::string finding_line(const finding& f, bool colour);

// "12 ok, 1 warning, no failure"
std::string summary_line(std::span<const finding> all);

// {"result":"warning","checks":[{"check":…,"result":…,"why":…,"mend":…}]}
std::string findings_json(std::span<const finding> all);

int check_exit(std::span<const finding> all);

}  // namespace ebb::cli
