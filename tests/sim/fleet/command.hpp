#pragma once
// A command of the program, run inside a container by a person or as a hook. It may be interrupted as by Ctrl-C.
#include <memory>
#include <string>

#include "agent/cli/options.hpp"
#include "agent/rt/clock.hpp"

namespace ebb::sim {

class container;
class world;

class command {
 public:
  // Begins at once. `under_run`: PID 1 of the container is Ebb, so that an agent which is away comes back.
  command(container& in, cli::command asked, bool under_run = false);

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
