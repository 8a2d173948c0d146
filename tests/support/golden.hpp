#pragma once
// Files that tests compare with: recorded pages and bodies.
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tests/support/places.hpp"

namespace ebb::test {

// The bytes of a file below the repository's root.
inline std::string golden(const std::string& path) {
  std::ifstream file(source_dir() + "/" + path, std::ios::binary);
  if (!file) throw std::runtime_error("no such file: " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A page of tests/data/exposition, named without ".txt".
inline std::string exposition_page(const std::string& name) { return golden("tests/data/exposition/" + name + ".txt"); }

}  // namespace ebb::test
