#include "agent/rt/nursery.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <cassert>

#include "agent/rt/within.hpp"

namespace ebb::rt {

nursery::nursery(asio::any_io_executor ex) : ex_(std::move(ex)), changed_(ex_) {}

nursery::~nursery() { assert((children_.empty() || changed_.abandoned()) && "join() before leaving the scope"); }

namespace {

// co_spawn awaits once more on behalf of a child that never waited, and what that throws, when the child has been
// cancelled (by itself, then), goes past every handler into the loop. Asio 1.26; to be looked at again with 1.30.
task<> ending_quietly(task<> child) {
  std::exception_ptr failure;
  try {
    co_await std::move(child);
  } catch (...) { failure = std::current_exception(); }
  co_await asio::this_coro::throw_if_cancelled(false);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

void nursery::spawn(task<> child) {
  auto it = children_.emplace(children_.end());
  asio::co_spawn(ex_, ending_quietly(std::move(child)),
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
  const auto throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  bool cancelled = false;
  while (!children_.empty()) {
    // A cancellation that comes in the same instant as a wake-up finds nothing that waits; it is seen only here.
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool missed = !cancelled && state.cancelled() != asio::cancellation_type::none;
    const bool woken = !missed && co_await changed_.wait();
    if (woken) continue;
    cancelled = true;
    cancel();
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (first_failure_) std::rethrow_exception(first_failure_);
  if (cancelled && throws) throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace ebb::rt
