#pragma once
// A command of the program, run inside a container by a person or as a hook. It may be interrupted as by Ctrl-C.
#include <memory>
#include <optional>
#include <string>

#include "agent/cli/options.hpp"
#include "agent/cli/resident.hpp"
#include "agent/rt/clock.hpp"

namespace ebb::sim {

class container;
class world;

class command {
 public:
  // Begins at once. `who` lives in the container: an agent belongs there, and one which is away comes back.
  command(container& in, cli::command asked, std::optional<cli::resident> who = std::nullopt);

  bool ended() const;
  int code() const;  // once it has ended
  rt::duration took() const;
  rt::time_point began() const;
  std::string out() const;
  std::string err() const;

  void interrupt();

 private:
  struct state;
  static rt::task<> run(std::shared_ptr<state> s);

  std::shared_ptr<state> state_;  // shared with the coroutine, which may outlive this object
};

// Runs the world until the command has ended: whether it came to that.
bool ends_within(world& w, const command& c, rt::duration limit);

}  // namespace ebb::sim
