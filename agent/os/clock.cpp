#include "agent/os/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ebb::os {

rt::wall_time clock::wall_now() const noexcept {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

rt::task<> clock::sleep_until(rt::time_point at) {
  rt::asio::steady_timer timer(co_await rt::asio::this_coro::executor, at);
  co_await timer.async_wait(rt::asio::use_awaitable);
}

}  // namespace ebb::os
