#pragma once
// A TOML file as a flat list of what it says, each with its place. Depends on toml++ and on nothing else here; knows
// nothing of which keys there are.
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"

namespace ebb::config {

struct place {
  std::size_t line = 0, column = 0;
};

// One assignment in a section, or something at the top of the file that is in none.
struct entry {
  std::string section;  // empty: at the top of the file
  std::string name;
  node said;
  place at;
};

struct found_section {
  std::string name;
  place at;
};

struct syntax_error {
  std::string what;  // without any part of the value when the line might hold a secret
  place at;
};

struct document {
  std::vector<entry> entries;  // in no particular order
  std::vector<found_section> sections;
  std::vector<syntax_error> errors;
};

// Goes on after a syntax error with the offending line (or, under a broken header, the section) left out, so that one
// reading tells everything that is wrong; at most `most_errors` of them.
inline constexpr std::size_t most_errors = 50;
document read_document(std::string_view text);

}  // namespace ebb::config
