#pragma once
// The real world of one short-lived program: a loop, and every seam on it.
#include <boost/asio/io_context.hpp>
#include <optional>

#include "agent/os/clock.hpp"
#include "agent/os/files.hpp"
#include "agent/os/network.hpp"
#include "agent/os/random.hpp"
#include "agent/os/resolver.hpp"

namespace ebb::os {

class machine {
 public:
  machine() = default;
  machine(const machine&) = delete;

  // Runs the task to its end. SIGINT and SIGTERM cancel it, and it unwinds: nothing. What it throws otherwise is
  // rethrown.
  std::optional<int> run(rt::task<int> task);

 private:
  rt::asio::io_context io_{1};

 public:
  os::clock clock;
  os::files files;
  os::random random;
  os::resolver names{io_, files};
  os::network network{io_, clock, names, files};
};

}  // namespace ebb::os
