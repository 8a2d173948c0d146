#pragma once
// Where every operation that a host waits for is kept. It is a service of the host's io_context, so that destroying
// the io_context (a crash) drops the handlers, and with them the coroutines, while their executor is still valid.
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <optional>

#include "agent/rt/task.hpp"
#include "tests/support/sim/world.hpp"

namespace ebb::sim {

namespace asio = boost::asio;
using rt::error_code;

class parking final : public asio::execution_context::service {
 public:
  using key_type = parking;
  static inline asio::execution_context::id id;
  using handler = asio::any_completion_handler<void(error_code, std::size_t)>;

  parking(asio::execution_context& context, host& owner);

  // Keeps the handler under the ticket. When its cancellation slot fires it completes with operation_aborted.
  void park(std::uint64_t ticket, handler h);
  // The timer is taken out of the queue when the operation ends in another way.
  void attach(std::uint64_t ticket, world::timer t);
  bool holds(std::uint64_t ticket) const { return waiting_.contains(ticket); }
  // Completes through the loop; does nothing when the operation has ended already.
  void resume(std::uint64_t ticket, error_code ec, std::size_t bytes);

 private:
  struct operation {
    explicit operation(handler h) : then(std::move(h)) {}
    handler then;
    std::optional<world::timer> timer;
  };
  void shutdown() noexcept override;

  host& owner_;
  asio::io_context& loop_;
  std::map<std::uint64_t, operation> waiting_;
};

}  // namespace ebb::sim
