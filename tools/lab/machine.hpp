#pragma once
// The real world in one piece, and how a program of the lab runs on it.
#include <boost/asio/io_context.hpp>

#include "agent/os/clock.hpp"
#include "agent/os/files.hpp"
#include "agent/os/network.hpp"
#include "agent/os/resolver.hpp"

namespace ebb::lab {

struct machine {
  rt::asio::io_context io{1};
  os::clock clock;
  os::files files;
  os::resolver names{io, files};
  os::network net{io, clock, names, files};

  // Runs `root` to its end. An exception of it is rethrown.
  int run(rt::task<int> root);
  // Runs `server` until it ends or SIGINT or SIGTERM comes.
  int run_until_signal(rt::task<> server);
};

}  // namespace ebb::lab
