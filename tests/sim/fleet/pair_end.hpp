#pragma once
// The agent's end of the pair to a simulated init.
#include <deque>
#include <functional>

#include "agent/rt/notice.hpp"
#include "agent/rt/supervisor.hpp"

namespace ebb::sim {

class pair_end final : public rt::supervisor {
 public:
  using sender = std::function<void(const pair::record&)>;
  pair_end(rt::asio::any_io_executor ex, sender send) : arrived_(std::move(ex)), send_(std::move(send)) {}

  rt::task<rt::result<pair::record>> receive() override {
    while (records_.empty() && !closed_) co_await arrived_.wait();
    if (records_.empty()) co_return rt::error_code(rt::asio::error::eof);
    auto next = records_.front();
    records_.pop_front();
    co_return next;
  }
  rt::result<void> send(const pair::record& r) override {
    send_(r);
    return {};
  }

  void push(const pair::record& r) {
    records_.push_back(r);
    arrived_.notify();
  }
  void close() {
    closed_ = true;
    arrived_.notify();
  }

 private:
  rt::notice arrived_;
  sender send_;
  std::deque<pair::record> records_;
  bool closed_ = false;
};

}  // namespace ebb::sim
