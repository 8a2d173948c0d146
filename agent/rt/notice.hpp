#pragma once
// Wakes every coroutine that waits for "something changed". Level-triggered users re-read the state after each wake.
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <list>

#include "agent/rt/deadline.hpp"
#include "agent/rt/task.hpp"

namespace ebb::rt {

class notice {
 public:
  explicit notice(asio::any_io_executor ex) : ex_(std::move(ex)) {}
  notice(const notice&) = delete;
  notice& operator=(const notice&) = delete;
  ~notice();  // waiters that are left see operation_aborted

  // All that wait now return true, through the loop.
  void notify();

  // How often notify() has been called: whoever awaited something else between reading the state and waiting compares.
  std::uint64_t count() const noexcept { return count_; }

  // Waits for the next notify(): true. Cancelled: false where the caller does not throw on cancellation, else
  // operation_aborted is thrown.
  task<bool> wait();

  // The same, at most until `dl`: false when it passed.
  task<bool> wait(deadline dl);

 private:
  using handler = asio::any_completion_handler<void(error_code)>;
  void park(handler h);

  asio::any_io_executor ex_;
  std::list<handler> waiting_;
  std::uint64_t count_ = 0;
};

}  // namespace ebb::rt
