#pragma once
// An executor of the lab as a process: the model of an executor behind a real web-admin port, moved by real signals,
// joined to a coordinator of the lab.
#include <boost/asio/io_context.hpp>
#include <string>

#include "agent/rt/clock.hpp"
#include "agent/rt/network.hpp"
#include "tools/lab/model/executor.hpp"
#include "tools/lab/model/registry.hpp"

namespace ebb::lab {

struct executor_settings {
  executor::options facts;
  std::string admin = "127.0.0.1:9010";
  rt::destination coordinator{"127.0.0.1", 9048};  // its control port
  duration session = zookeeper_session;            // without the coordinator for this long it gives up (exit 7)
};

// Runs an executor to its end and returns its exit code.
rt::task<int> run_executor(rt::asio::io_context& io, rt::clock_source& clock, rt::network& net, executor_settings s);

}  // namespace ebb::lab
