#pragma once
// Where the sources and this build lie. Functions and not macros: one small file is compiled for each clone, and all
// others are alike, so that clones share what the compiler cache has.
#include <string>

namespace ebb::test {

std::string source_dir();
std::string binary_dir();

}  // namespace ebb::test
