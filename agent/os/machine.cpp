#include "agent/os/machine.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>

#include "agent/rt/within.hpp"

namespace ebb::os {

std::optional<int> machine::run(rt::task<int> task) {
  std::optional<int> code;
  std::exception_ptr failure;
  rt::asio::cancellation_signal cancel;
  rt::asio::signal_set signals(io_, SIGINT, SIGTERM);
  signals.async_wait([&](rt::error_code ec, int) {
    if (ec) return;
    // A second signal does not wait for the unwinding.
    signals.async_wait([this](rt::error_code again, int) {
      if (!again) io_.stop();
    });
    cancel.emit(rt::asio::cancellation_type::terminal);
  });
  rt::asio::co_spawn(io_, std::move(task),
                     rt::asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, int value) {
                       signals.cancel();
                       if (!e) code = value;
                       if (e && !rt::is_abort(e)) failure = e;
                       io_.stop();
                     }));
  io_.restart();
  io_.run();
  if (failure) std::rethrow_exception(failure);
  return code;
}

}  // namespace ebb::os
