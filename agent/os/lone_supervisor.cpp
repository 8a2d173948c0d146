#include "agent/os/lone_supervisor.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

namespace ebb::os {

namespace asio = rt::asio;

lone_supervisor::lone_supervisor(asio::any_io_executor ex, rt::time_point started)
    : signals_(std::move(ex), SIGTERM, SIGINT, SIGHUP), started_(started) {}

rt::task<rt::result<pair::record>> lone_supervisor::receive() {
  if (!std::exchange(greeted_, true)) {
    pair::hello hello;
    hello.spawned_at = started_;
    co_return hello;
  }
  if (finished_) co_return rt::error_code(asio::error::eof);
  auto [ec, signo] = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
  if (finished_) co_return rt::error_code(asio::error::eof);
  if (ec) co_return ec;
  const auto now = std::chrono::steady_clock::now();
  const auto count = signo == SIGHUP ? ++reloads_ : ++stops_;
  co_return pair::signal_seen{signo, count, now};
}

rt::result<void> lone_supervisor::send(const pair::record& r) {
  if (!std::holds_alternative<pair::finished>(r)) return {};
  finished_ = true;
  signals_.cancel();
  return {};
}

}  // namespace ebb::os
