#include "tests/support/sim/clock.hpp"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/support/sim/host.hpp"

namespace ebb::sim {

namespace {

constexpr std::int64_t million = 1'000'000;

// 2026-01-01T00:00:00Z, when every world starts.

// A sleep beyond this is for ever; it also keeps the sums below from overflowing.
constexpr rt::duration longest_sleep = std::chrono::hours(24 * 365);

}  // namespace

clock::clock(host& owner) : owner_(owner), world_anchor_(owner.home().now()), local_anchor_(world_anchor_) {}

rt::duration clock::since_anchor() const noexcept {
  const auto d = owner_.home().now() - world_anchor_;
  return d + d / million * ppm_ + d % million * ppm_ / million;
}

rt::time_point clock::now() const noexcept { return local_anchor_ + since_anchor(); }

rt::wall_time clock::wall_now() const noexcept {
  const auto since_start = now() - owner_.home().start() + wall_offset_;
  return calendar_start + std::chrono::floor<std::chrono::milliseconds>(since_start);
}

void clock::drift(int ppm) {
  local_anchor_ = now();
  world_anchor_ = owner_.home().now();
  ppm_ = ppm;
}

rt::task<> clock::sleep_until(rt::time_point at) {
  // More than once only when the rate has changed, or a division was rounded down, meanwhile.
  do {
    auto start = [this, at](parking::handler h) {
      world& w = owner_.home();
      const auto ticket = owner_.park(std::move(h));
      const auto left = at - now();
      if (at == rt::time_point::max() || left > longest_sleep) return;
      const auto per_real_million = million + ppm_;
      const auto real = left / per_real_million * million + left % per_real_million * million / per_real_million;
      owner_.attach(ticket, w.schedule(w.now() + std::max(real, rt::duration(left > 0ns ? 1 : 0)),
                                       [owner = &owner_, ticket] { owner->resume(ticket, {}, 0); }));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, std::size_t)>(start,
                                                                                                asio::use_awaitable);
  } while (now() < at);
}

}  // namespace ebb::sim
