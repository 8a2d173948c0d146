#pragma once
// What this binary was made from.
#include <iosfwd>
#include <string_view>

namespace ebb::cli {

std::string_view version();  // "0.1.0"
std::string_view commit();   // "61fe4ec0d1e2", with "-dirty" behind it; "unknown" outside a repository

// `ebb version`: version, commit, compiler, libraries.
void print_version(std::ostream& out);

}  // namespace ebb::cli
