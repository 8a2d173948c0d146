#pragma once
// Every wait on the outside world is inside one of these.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

#include "agent/rt/deadline.hpp"

namespace ebb::rt {

// Whether `e` is the unwinding of a cancelled coroutine rather than a failure.
bool is_abort(std::exception_ptr e) noexcept;

// Waits for `op`, at most until `dl`. The loser is cancelled and has finished before this returns, so `op` may refer
// to the caller's locals. A result that did arrive is never thrown away. Errors: those of `op`, timed_out.
// An exception of `op` is rethrown; when the caller is itself cancelled, operation_aborted is thrown.
template <class T>
task<result<T>> within(deadline dl, task<result<T>> op) {
  using asio::experimental::make_parallel_group;
  auto ex = co_await asio::this_coro::executor;
  auto [order, op_threw, value, timer_threw] =
      co_await make_parallel_group(asio::co_spawn(ex, std::move(op), asio::deferred),
                                   asio::co_spawn(ex, dl.clock().sleep_until(dl.at()), asio::deferred))
          .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  const bool timer_fired = order[0] == 1 && !timer_threw;
  if (op_threw && !(timer_fired && is_abort(op_threw))) std::rethrow_exception(op_threw);
  if (!op_threw && value) co_return std::move(value);
  if (timer_fired) co_return make_error_code(boost::system::errc::timed_out);
  // An operation that reports its cancellation as an error: it is the caller's, who unwinds.
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  co_return std::move(value);
}

}  // namespace ebb::rt
