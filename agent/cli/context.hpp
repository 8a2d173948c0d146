#pragma once
// What a command that talks is given: the world as seams, the configuration, the terminal.
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "agent/cli/resident.hpp"
#include "agent/rt/clock.hpp"
#include "agent/rt/files.hpp"
#include "agent/rt/network.hpp"
#include "agent/rt/random.hpp"
#include "agent/rt/resolver.hpp"
#include "config/environment.hpp"
#include "config/loader.hpp"

namespace ebb::cli {

// All of them outlive the command.
struct context {
  rt::clock_source& clock;
  rt::network& network;
  rt::file_store& files;
  rt::random_source& random;
  rt::resolver& names;

  config::loaded loaded;  // without errors
  config::environment env;
  std::string version, commit;
  std::function<std::optional<cli::resident>()> look_for_resident = nullptr;  // now, as it may change

  std::ostream& out;
  std::ostream& err;
  bool terminal = false;  // `out` is one
  bool colour = false;

  // What Ctrl-C means at this moment.
  int interrupt_code = 130;
  std::string interrupt_note = {};  // for people; empty: nothing to say

  std::optional<cli::resident> resident() const { return look_for_resident ? look_for_resident() : std::nullopt; }
  const config::settings& settings() const { return loaded.values; }
};

}  // namespace ebb::cli
