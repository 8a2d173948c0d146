#include "agent/rt/nursery.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <cassert>

#include "agent/rt/within.hpp"

namespace ebb::rt {

nursery::nursery(asio::any_io_executor ex) : ex_(std::move(ex)), changed_(ex_) {}

nursery::~nursery() {
  assert((children_.empty() || std::uncaught_exceptions() > 0) && "join() before leaving the scope");
}

void nursery::spawn(task<> child) {
  auto it = children_.emplace(children_.end());
  asio::co_spawn(ex_, std::move(child),
                 asio::bind_cancellation_slot(it->slot(), [this, it](std::exception_ptr e) { ended(it, e); }));
  if (cancelled_) it->emit(asio::cancellation_type::terminal);
}

void nursery::cancel() {
  cancelled_ = true;
  // A child may end, and leave the list, while its signal is being emitted: step first.
  for (auto it = children_.begin(); it != children_.end();) (it++)->emit(asio::cancellation_type::terminal);
}

void nursery::ended(child_list::iterator child, std::exception_ptr e) {
  children_.erase(child);
  if (e && !is_abort(e)) {
    if (!first_failure_) first_failure_ = e;
    cancel();
  }
  changed_.notify();
}

task<> nursery::join() {
  const auto was = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!children_.empty()) {
    const bool woken = co_await changed_.wait();
    if (!woken) {
      cancel();
      // The caller's cancellation stays set, so a further wait would return at once: start from a clean state.
      co_await asio::this_coro::reset_cancellation_state();
    }
  }
  co_await asio::this_coro::throw_if_cancelled(was);
  if (first_failure_) std::rethrow_exception(first_failure_);
}

}  // namespace ebb::rt
