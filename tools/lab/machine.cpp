#include "tools/lab/machine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <exception>

#include "agent/rt/nursery.hpp"
#include "agent/rt/within.hpp"

namespace ebb::lab {
namespace {

namespace asio = rt::asio;

rt::task<> stop_on_signal(asio::io_context& io, rt::nursery& all) {
  asio::signal_set signals(io, SIGINT, SIGTERM);
  co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
  all.cancel();
}

rt::task<int> guarded(asio::io_context& io, rt::task<> server) {
  rt::nursery all(io.get_executor());
  all.spawn(stop_on_signal(io, all));
  all.spawn(std::move(server));
  co_await all.join();
  co_return 0;
}

}  // namespace

int machine::run(rt::task<int> root) {
  std::exception_ptr failure;
  int code = 1;
  asio::co_spawn(io, std::move(root), [&](std::exception_ptr e, int c) { failure = e, code = c; });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return code;
}

int machine::run_until_signal(rt::task<> server) { return run(guarded(io, std::move(server))); }

}  // namespace ebb::lab
