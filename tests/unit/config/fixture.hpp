#pragma once
// Files that are not there, and shorthand for loading.
#include <map>
#include <string>

#include "config/loader.hpp"

namespace ebb::config {

// A disk with these files on it.
read_file disk(std::map<std::string, std::string> files);

// A disk on which everything fails like this.
read_file broken_disk(std::errc error);

// A value other than the default that the key takes, as text and as TOML.
struct sample {
  std::string text, toml;
};
sample another_value_of(std::string_view key);

std::string joined(const std::vector<std::string>& lines);

}  // namespace ebb::config
