#include "tools/lab/java_options.hpp"

namespace ebb::lab {

std::optional<std::string> java_property(std::string_view options, std::string_view name) {
  std::optional<std::string> found;
  while (!options.empty()) {
    const auto end = options.find_first_of(" \t\n");
    auto word = options.substr(0, end);
    options.remove_prefix(end == std::string_view::npos ? options.size() : end + 1);
    if (!word.starts_with("-D")) continue;
    word.remove_prefix(2);
    if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) found = word.substr(name.size() + 1);
  }
  return found;
}

}  // namespace ebb::lab
