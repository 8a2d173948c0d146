// The client, the server, the network and the clock together over loopback.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "agent/http/client.hpp"
#include "agent/http/server.hpp"
#include "agent/os/clock.hpp"
#include "agent/os/files.hpp"
#include "agent/os/network.hpp"
#include "agent/os/resolver.hpp"
#include "agent/rt/nursery.hpp"
#include "tests/support/catch.hpp"

namespace ebb::os {
namespace {

using namespace std::chrono_literals;

rt::task<http::response> echo(http::request r) {
  co_return http::plain(200, r.method + " " + r.target + " " + r.body + (r.from_loopback ? " loopback" : ""));
}

struct world {
  rt::asio::io_context io{1};
  os::clock clock;
  os::files files;
  os::resolver names{io, files};
  os::network net{io, clock, names, files};
};

rt::task<> ask_twice(world& w, rt::nursery& all, std::uint16_t port, std::vector<std::string>& answers) {
  http::base_url to;
  to.host = "localhost";
  to.port = port;
  http::client client(w.net, to, {});
  for (int i = 0; i < 2; ++i) {
    http::request r;
    r.method = "POST";
    r.target = "/a?b";
    r.body = "body";
    auto answer = co_await client.exchange(r, rt::deadline::after(w.clock, 5s));
    answers.push_back(answer ? answer->body : answer.error().message());
  }
  all.cancel();
}

rt::task<> run(world& w, std::vector<std::string>& answers) {
  auto listener = w.net.listen("[::]:0");
  REQUIRE(listener);
  rt::nursery all(co_await rt::asio::this_coro::executor);
  all.spawn(http::serve(w.clock, **listener, &echo));
  all.spawn(ask_twice(w, all, (*listener)->port(), answers));
  co_await all.join();
}

TEST_CASE("client and server speak over loopback, dual stack", "[os]") {
  world w;
  std::vector<std::string> answers;
  std::exception_ptr failure;
  rt::asio::co_spawn(w.io, run(w, answers), [&](std::exception_ptr e) { failure = e; });
  w.io.run_for(10s);
  if (failure) std::rethrow_exception(failure);
  CHECK(answers == std::vector<std::string>(2, "POST /a?b body loopback"));
}

}  // namespace
}  // namespace ebb::os
