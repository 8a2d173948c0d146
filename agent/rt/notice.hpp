#pragma once
// Wakes every coroutine that waits for "something changed". Level-triggered users re-read the state after each wake.
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <cstdint>
#include <list>

#include "agent/rt/deadline.hpp"
#include "agent/rt/task.hpp"

namespace ebb::rt {

class notice {
 public:
  explicit notice(asio::any_io_executor ex);
  notice(const notice&) = delete;
  notice& operator=(const notice&) = delete;
  ~notice();  // waiters that are left see operation_aborted

  // All that wait now return true, through the loop.
  void notify();

  // How often notify() has been called: whoever awaited something else between reading the state and waiting compares.
  std::uint64_t count() const noexcept { return count_; }

  // Waits for the next notify(): true. Cancelled: throws operation_aborted, or returns false where the caller has
  // switched that off by throw_if_cancelled(false).
  task<bool> wait();

  // The same, at most until `dl`: false when it passed. Cancelled: always throws.
  task<bool> wait(deadline dl);

  // Whether the loop is gone, or going: see abandon_waiters().
  bool abandoned() const noexcept { return room_ == nullptr; }

 private:
  using handler = asio::any_completion_handler<void(error_code)>;
  class waiting_room;
  friend void abandon_waiters(asio::execution_context& context);
  void park(handler h);

  asio::any_io_executor ex_;
  waiting_room* room_;
  std::list<notice*>::iterator seat_;
  std::list<handler> waiting_;
  std::uint64_t count_ = 0;
};

// Before a context is destroyed under suspended coroutines: destroys those that wait on notices, without waking them.
// Without it they go as well, but a nursery may go before its children and take that for a bug.
void abandon_waiters(asio::execution_context& context);

}  // namespace ebb::rt
