#pragma once
// In a container of its own, beside the executor's, there is no init: signals come to the agent itself, and there is
// nobody who could signal the executor. That it has ended is seen by its port, and told by the duty that looks there.
#include <boost/asio/signal_set.hpp>

#include "agent/rt/clock.hpp"
#include "agent/rt/supervisor.hpp"

namespace ebb::os {

class lone_supervisor final : public rt::supervisor {
 public:
  lone_supervisor(rt::asio::any_io_executor ex, rt::time_point started);

  // A hello without an executor, then SIGTERM, SIGINT and SIGHUP as they come; eof after the agent is finished.
  rt::task<rt::result<pair::record>> receive() override;
  // Only `finished` means something here.
  rt::result<void> send(const pair::record& r) override;

 private:
  rt::asio::signal_set signals_;
  rt::time_point started_;
  std::uint32_t stops_ = 0, reloads_ = 0;
  bool greeted_ = false, finished_ = false;
};

}  // namespace ebb::os
