#include "tests/support/sim/acceptor.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>
#include <utility>

namespace ebb::sim {

acceptor::acceptor(wires& w, host& owner, wires::address where, bool loopback_only)
    : wires_(w), owner_(owner), where_(std::move(where)), loopback_only_(loopback_only) {}

acceptor::~acceptor() { wires_.unbind(where_, *this); }

rt::task<rt::result<rt::accepted>> acceptor::accept() {
  if (owner_.fails(seam::accept)) co_return make_error_code(boost::system::errc::too_many_files_open);
  while (queue_.empty()) {
    auto start = [this](parking::handler h) { waiting_ = owner_.park(std::move(h)); };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, std::size_t)>(start,
                                                                                                asio::use_awaitable);
  }
  rt::accepted first = std::move(queue_.front());
  queue_.pop_front();
  co_return std::move(first);
}

void acceptor::push(rt::accepted a) {
  queue_.push_back(std::move(a));
  owner_.resume(std::exchange(waiting_, 0), {}, 0);
}

}  // namespace ebb::sim
