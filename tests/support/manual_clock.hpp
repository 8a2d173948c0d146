#pragma once
// Time that passes only when the test says so.
#include <map>

#include "agent/rt/clock.hpp"
#include "agent/rt/notice.hpp"

namespace ebb::test {

class manual_clock final : public rt::clock_source {
 public:
  explicit manual_clock(rt::asio::any_io_executor ex) : ex_(std::move(ex)) {}

  rt::time_point now() const noexcept override { return now_; }
  rt::wall_time wall_now() const noexcept override {
    return epoch + std::chrono::floor<std::chrono::milliseconds>(now_.time_since_epoch());
  }
  rt::task<> sleep_until(rt::time_point at) override {
    while (now_ < at) {
      auto& mine = sleepers_.try_emplace(at, ex_).first->second;
      co_await mine.wait();
    }
  }

  // The earliest time somebody sleeps for; max when nobody sleeps.
  rt::time_point next() const { return sleepers_.empty() ? rt::time_point::max() : sleepers_.begin()->first; }
  // Moves to `at` and wakes who slept for it or less.
  void move_to(rt::time_point at) {
    now_ = at;
    while (!sleepers_.empty() && sleepers_.begin()->first <= now_) {
      ++wakes;
      sleepers_.begin()->second.notify();
      sleepers_.erase(sleepers_.begin());
    }
  }

  int wakes = 0;
  static constexpr rt::wall_time epoch{std::chrono::seconds(784'111'777)};  // Sun, 06 Nov 1994 08:49:37 GMT

 private:
  rt::asio::any_io_executor ex_;
  rt::time_point now_{std::chrono::hours(1)};
  std::map<rt::time_point, rt::notice> sleepers_;
};

}  // namespace ebb::test
