#pragma once
// A scope for concurrent children: it ends when all of them have ended. Nothing is ever detached.
//
// Between the first spawn() and join() nothing may be awaited: a cancellation there would leave the scope under its
// children. What has to be awaited meanwhile is itself a child, and may spawn further ones:
//
//   nursery n(ex);
//   n.spawn(accept_connections(n, …));
//   co_await n.join();
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <list>

#include "agent/rt/notice.hpp"
#include "agent/rt/task.hpp"

namespace ebb::rt {

class nursery {
 public:
  explicit nursery(asio::any_io_executor ex);
  nursery(const nursery&) = delete;
  nursery& operator=(const nursery&) = delete;
  ~nursery();  // asserts that no child is left: join() comes before the end of the scope, also when it is left by throw

  // Starts a child, which runs at once up to its first wait; after cancel() it is cancelled there. The first one that
  // throws (anything but its own cancellation) cancels its siblings.
  void spawn(task<> child);

  // Asks every child to unwind. Safe from within a child.
  void cancel();

  // Returns when no child is left, and rethrows the first failure. A caller that is cancelled passes that on to the
  // children, still waits for them, and then throws operation_aborted (unless it has switched that off).
  task<> join();

  std::size_t live() const noexcept { return children_.size(); }

 private:
  using child_list = std::list<asio::cancellation_signal>;
  void ended(child_list::iterator child, std::exception_ptr e);

  asio::any_io_executor ex_;
  child_list children_;
  notice changed_;
  std::exception_ptr first_failure_;
  bool cancelled_ = false;
};

}  // namespace ebb::rt
