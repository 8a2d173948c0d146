#pragma once
// From all sources to the effective settings. Weakest first: built-in defaults, the old variables of the shell hooks,
// the file, EBB_ variables, --set. Everything that is wrong is told, each on one line that names the place, the key,
// the value and the mend; with anything wrong in the file, the environment or --set there are no settings. Old
// variables are only warned about: others may use their names.
//
// Secrets appear in no message. They are not taken from --set, because command lines can be read by everybody.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hpp"
#include "config/file.hpp"
#include "config/settings.hpp"

namespace ebb::config {

inline constexpr std::size_t largest_file = 1024 * 1024;
inline constexpr std::string_view default_path = "/etc/ebb/ebb.toml";

struct sources {
  std::string file;  // --config; empty: EBB_CONFIG, else default_path when it is there
  environment env;
  std::vector<std::string> sets;  // "section.key=value", later ones win
};

struct loaded {
  settings values;
  std::vector<std::string>
      origins;  // of each key, in the order of keys(): "default", "ebb.toml:12:3", "EBB_DRAIN_SETTLE"
  std::vector<std::string> warnings;
  std::vector<std::string> errors;  // not empty: values and origins are of no use
  std::string file;                 // the file that was read; empty: none
  bool ok() const { return errors.empty(); }
};

loaded load(const sources& from, const read_file& read);

// The part of load() that reads a file's text. `file` is its name in messages.
loaded load_text(std::string_view text, std::string_view file, const environment& env = {},
                 const std::vector<std::string>& sets = {});

}  // namespace ebb::config
