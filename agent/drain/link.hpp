#pragma once
// The agent's end of the pair to init: what init says becomes facts of the node; a sign of life goes back.
#include <functional>

#include "agent/drain/journal.hpp"
#include "agent/drain/node.hpp"
#include "agent/rt/supervisor.hpp"

namespace ebb::drain {

constexpr rt::duration alive_every = std::chrono::seconds(5);

class link {
 public:
  link(node& n, journal& j, rt::supervisor& init, std::function<void()> reload)
      : node_(n), journal_(j), init_(init), reload_(std::move(reload)) {}

  // Waits for the hello, which says what happened before this agent lived. False: there was none.
  rt::task<bool> greet();

  // Returns when init has closed the pair, or has said something that is no record: the agent then ends.
  rt::task<> listen();

  rt::task<> say_alive();

 private:
  void on(const pair::hello& h);
  void on(const pair::signal_seen& s);
  void on(const pair::exited& e);
  void on_stop_signals(std::uint32_t count, rt::time_point first, rt::time_point last);

  node& node_;
  journal& journal_;
  rt::supervisor& init_;
  std::function<void()> reload_;
};

}  // namespace ebb::drain
