#include "agent/http/server.hpp"

#include "agent/http/session.hpp"
#include "agent/rt/nursery.hpp"

namespace ebb::http {

namespace {

using namespace std::chrono_literals;
constexpr rt::duration accept_pause = 100ms;

rt::task<> run_session(server_state& server, rt::accepted from) {
  session s(server, std::move(from));
  co_await s.run();
}

rt::task<> accept_all(server_state& server, rt::listener& from, rt::nursery& sessions, accept_failed tell) {
  for (;;) {
    auto connection = co_await from.accept();
    if (!connection) {
      if (tell && connection.error() != rt::asio::error::operation_aborted) tell(connection.error());
      co_await server.cuts.clock().sleep_for(accept_pause);
    } else if (server.connections < server.limits.connections) {
      sessions.spawn(run_session(server, std::move(*connection)));
    }
  }
}

}  // namespace

rt::task<> serve(rt::clock_source& clock, rt::listener& from, handler handle, accept_failed tell,
                 server_limits limits) {
  auto ex = co_await rt::asio::this_coro::executor;
  server_state server(ex, clock, std::move(handle), limits);
  rt::nursery children(ex);
  children.spawn(server.cuts.run());
  children.spawn(accept_all(server, from, children, std::move(tell)));
  co_await children.join();
}

}  // namespace ebb::http
