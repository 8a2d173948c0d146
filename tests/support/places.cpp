#include "tests/support/places.hpp"

namespace ebb::test {

std::string source_dir() { return EBB_SOURCE_DIR; }
std::string binary_dir() { return EBB_BINARY_DIR; }

}  // namespace ebb::test
