// The client, the server, the network and the clock together over loopback.
#include "agent/http/client.hpp"
#include "agent/http/server.hpp"
#include "tests/unit/os/world.hpp"

namespace ebb::os {
namespace {

rt::task<http::response> echo(http::request r) {
  co_return http::plain(200, r.method + " " + r.target + " " + r.body + (r.from_loopback ? " loopback" : ""));
}

rt::task<std::vector<std::string>> ask_twice(world& w, std::uint16_t port) {
  http::client client(w.net, *http::parse_base_url("http://localhost:" + std::to_string(port)), {});
  std::vector<std::string> answers;
  for (int i = 0; i < 2; ++i) {
    http::request r;
    r.method = "POST";
    r.target = "/a?b";
    r.body = "body";
    auto answer = co_await client.exchange(std::move(r), rt::deadline::after(w.clock, 5s));
    answers.push_back(answer ? answer->body : answer.error().message());
  }
  co_return answers;
}

TEST_CASE("client and server speak over loopback, dual stack", "[os]") {
  world w;
  auto listener = w.net.listen("[::]:0");
  REQUIRE(listener.has_value());
  const auto answers = w.run(ask_twice(w, (*listener)->port()), http::serve(w.clock, **listener, &echo));
  CHECK(answers == std::vector<std::string>(2, "POST /a?b body loopback"));
}

}  // namespace
}  // namespace ebb::os
