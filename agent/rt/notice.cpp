#include "agent/rt/notice.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/rt/within.hpp"

namespace ebb::rt {

namespace {

void complete(const asio::any_io_executor& ex, asio::any_completion_handler<void(error_code)> h, error_code ec) {
  if (auto slot = asio::get_associated_cancellation_slot(h); slot.is_connected()) slot.clear();
  asio::post(ex, asio::append(std::move(h), ec));
}

task<result<void>> as_result(notice& n) {
  (void)co_await n.wait();
  co_return result<void>();
}

}  // namespace

notice::~notice() {
  for (auto all = std::exchange(waiting_, {}); auto& h : all)
    complete(ex_, std::move(h), asio::error::operation_aborted);
}

void notice::notify() {
  ++count_;
  for (auto all = std::exchange(waiting_, {}); auto& h : all) complete(ex_, std::move(h), {});
}

void notice::park(handler h) {
  // The place in the list is found by address: a notify() may have moved the whole list away meanwhile.
  auto slot = asio::get_associated_cancellation_slot(h);
  handler* place = &waiting_.emplace_back(std::move(h));
  if (!slot.is_connected()) return;
  slot.assign([this, place](asio::cancellation_type) {
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it)
      if (&*it == place) {
        handler mine(std::move(*it));
        waiting_.erase(it);
        complete(ex_, std::move(mine), asio::error::operation_aborted);
        return;
      }
  });
}

task<bool> notice::wait() {
  auto [ec] = co_await asio::async_initiate<const asio::as_tuple_t<asio::use_awaitable_t<>>, void(error_code)>(
      [this](handler h) { park(std::move(h)); }, asio::as_tuple(asio::use_awaitable));
  co_return !ec;
}

task<bool> notice::wait(deadline dl) {
  auto woken = co_await within(dl, as_result(*this));
  co_return woken.has_value();
}

}  // namespace ebb::rt
