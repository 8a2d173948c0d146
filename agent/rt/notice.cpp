#include "agent/rt/notice.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

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

// A handler keeps a coroutine alive, and a notice may live in the very coroutine that waits on it: nobody would destroy
// either. So the context knows all notices, and ends the cycles when it is itself destroyed.
class notice::waiting_room final : public asio::execution_context::service {
 public:
  using key_type = waiting_room;
  static inline asio::execution_context::id id;
  explicit waiting_room(asio::execution_context& context) : service(context) {}

  std::list<notice*>::iterator enter(notice& n) { return seats_.insert(seats_.end(), &n); }
  void leave(std::list<notice*>::iterator seat) { seats_.erase(seat); }

  void abandon() noexcept {
    std::list<handler> all;
    for (auto* n : std::exchange(seats_, {})) {
      n->room_ = nullptr;
      for (auto& h : n->waiting_)
        if (auto slot = asio::get_associated_cancellation_slot(h); slot.is_connected()) slot.clear();
      all.splice(all.end(), n->waiting_);
    }
  }

 private:
  void shutdown() noexcept override { abandon(); }
  std::list<notice*> seats_;
};

void abandon_waiters(asio::execution_context& context) {
  if (asio::has_service<notice::waiting_room>(context)) asio::use_service<notice::waiting_room>(context).abandon();
}

notice::notice(asio::any_io_executor ex)
    : ex_(std::move(ex)),
      room_(&asio::use_service<waiting_room>(asio::query(ex_, asio::execution::context))),
      seat_(room_->enter(*this)) {}

notice::~notice() {
  if (abandoned()) return;
  room_->leave(seat_);
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
  // This object may be gone by now. A coroutine looks at its cancellation only when it awaits, not when it resumes.
  if (ec && co_await asio::this_coro::throw_if_cancelled()) throw boost::system::system_error(ec);
  co_return !ec;
}

task<bool> notice::wait(deadline dl) {
  auto woken = co_await within(dl, as_result(*this));
  co_return woken.has_value();
}

}  // namespace ebb::rt
