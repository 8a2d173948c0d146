#include "tests/support/sim/parking.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "tests/support/sim/host.hpp"

namespace ebb::sim {

parking::parking(asio::execution_context& context, host& owner)
    : service(context), owner_(owner), loop_(static_cast<asio::io_context&>(context)) {}

void parking::park(std::uint64_t ticket, handler h) {
  // The slot may be fired after a crash, when this object is gone: only the host, which stays, is captured.
  if (auto slot = asio::get_associated_cancellation_slot(h); slot.is_connected())
    slot.assign([owner = &owner_, ticket](asio::cancellation_type) {
      owner->resume(ticket, asio::error::operation_aborted, 0);
    });
  waiting_.try_emplace(ticket, std::move(h));
}

void parking::attach(std::uint64_t ticket, world::timer t) {
  if (auto it = waiting_.find(ticket); it != waiting_.end()) it->second.timer = t;
}

void parking::resume(std::uint64_t ticket, error_code ec, std::size_t bytes) {
  auto node = waiting_.extract(ticket);
  if (!node) return;
  operation& op = node.mapped();
  if (auto slot = asio::get_associated_cancellation_slot(op.then); slot.is_connected()) slot.clear();
  if (op.timer) owner_.home().cancel(*op.timer);
  owner_.home().touch(owner_);
  asio::post(loop_, [then = std::move(op.then), ec, bytes]() mutable { std::move(then)(ec, bytes); });
}

void parking::shutdown() noexcept {
  while (!waiting_.empty()) {
    auto node = waiting_.extract(waiting_.begin());  // destroying it may end other operations
    if (node.mapped().timer) owner_.home().cancel(*node.mapped().timer);
  }
}

}  // namespace ebb::sim
