#pragma once
// A loop on manual time, and the tasks that run on it.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <list>
#include <optional>

#include "agent/rt/within.hpp"
#include "tests/support/manual_clock.hpp"

namespace ebb::test {

class loop {
 public:
  rt::asio::io_context io{1};
  manual_clock clock{io.get_executor()};

  ~loop() {
    for (auto& s : signals_) s.emit(rt::asio::cancellation_type::terminal);
    poll();
  }

  // Everything that can happen at this instant.
  void poll() {
    io.restart();
    io.poll();
  }

  // Lets `d` pass, stopping wherever somebody sleeps for.
  void advance(rt::duration d) {
    const auto end = clock.now() + d;
    poll();
    while (clock.next() <= end) {
      clock.move_to(clock.next());
      poll();
    }
    clock.move_to(end);
    poll();
  }

  // Runs in the background until it ends or the loop does.
  void spawn(rt::task<> t) {
    auto& signal = signals_.emplace_back();
    rt::asio::co_spawn(io, std::move(t), rt::asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr e) {
                         if (e && !rt::is_abort(e)) failure = e;
                       }));
  }

  // A task whose end the test waits for by poll() or advance().
  template <class T>
  std::shared_ptr<std::optional<T>> start(rt::task<T> t) {
    auto out = std::make_shared<std::optional<T>>();
    spawn(store<T>(std::move(t), out));
    poll();
    return out;
  }

  std::exception_ptr failure;

 private:
  template <class T>
  static rt::task<> store(rt::task<T> t, std::shared_ptr<std::optional<T>> out) {
    out->emplace(co_await std::move(t));
  }
  std::list<rt::asio::cancellation_signal> signals_;
};

}  // namespace ebb::test
