#pragma once
// A listening socket with its accept queue.
#include <deque>
#include <memory>
#include <string>

#include "agent/rt/network.hpp"
#include "tests/support/sim/connection.hpp"
#include "tests/support/sim/wires.hpp"

namespace ebb::sim {

class acceptor final : public rt::listener {
 public:
  static constexpr std::size_t backlog = 128;

  acceptor(wires& w, host& owner, wires::address where, bool loopback_only);
  ~acceptor() override;

  // One caller at a time.
  rt::task<rt::result<rt::accepted>> accept() override;
  std::uint16_t port() const override { return where_.second; }

  host& owner() noexcept { return owner_; }
  bool admits(bool by_loopback) const noexcept { return by_loopback || !loopback_only_; }
  bool full() const noexcept { return queue_.size() >= backlog; }
  void push(rt::accepted a);

 private:
  wires& wires_;
  host& owner_;
  wires::address where_;
  bool loopback_only_;
  std::deque<rt::accepted> queue_;
  std::uint64_t waiting_ = 0;
};

}  // namespace ebb::sim
