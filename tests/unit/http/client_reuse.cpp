// Which connection an exchange goes over.
#include <boost/asio/error.hpp>

#include "agent/http/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::http {
namespace {

using namespace std::chrono_literals;
namespace asio = rt::asio;
using pending = std::shared_ptr<std::optional<rt::result<response>>>;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct fixture {
  test::loop loop;
  test::memory_network net{loop.io.get_executor()};
  client c{net, *parse_base_url("http://dremio:9047"), {}};

  pending begin(std::string method = "GET") {
    request r;
    r.method = std::move(method);
    return loop.start(c.exchange(std::move(r), rt::deadline::after(loop.clock, 5s)));
  }
  test::peer& server(std::size_t n = 0) { return net.servers.at(n); }
  void answer(std::string_view bytes, std::size_t n = 0) {
    server(n).send(bytes);
    loop.poll();
  }
  // An exchange that leaves a kept connection, number 0.
  void warm_up() {
    const auto p = begin();
    answer(ok);
    REQUIRE((*p)->has_value());
    server().received();
  }
};

TEST_CASE("a connection is used again", "[http]") {
  fixture f;
  for (int i = 0; i < 3; ++i) f.warm_up();
  CHECK(f.net.asked.size() == 1);
}

TEST_CASE("a connection is not used again when the answer says so, or leaves bytes behind", "[http]") {
  const std::string last = GENERATE(std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
                                    std::string("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"), ok + "HTTP/1.1 ");
  fixture f;
  const auto p = f.begin();
  f.answer(last);
  REQUIRE((*p)->has_value());
  CHECK(f.server().closed());
  f.begin();
  CHECK(f.net.asked.size() == 2);
}

TEST_CASE("a connection that was idle for too long is not used again", "[http]") {
  fixture f;
  f.warm_up();
  f.loop.advance(24s);
  f.warm_up();
  f.loop.advance(26s);
  f.begin();
  CHECK(f.server().closed());
  CHECK(f.net.asked.size() == 2);
}

TEST_CASE("a kept connection that the server has closed is replaced before anything is sent, for a POST too",
          "[http]") {
  fixture f;
  f.warm_up();
  f.server().close();
  const auto p = f.begin("POST");
  CHECK(f.server(0).received().empty());
  f.answer(ok, 1);
  CHECK((*p)->has_value());
}

TEST_CASE("a kept connection that speaks unasked is not trusted", "[http]") {
  fixture f;
  f.warm_up();
  f.server().send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
  const auto p = f.begin();
  f.answer(ok, 1);
  CHECK((*p)->value().status == 200);
}

TEST_CASE("a kept connection that ends under a request is replaced once where repeating does no harm", "[http]") {
  const bool reset = GENERATE(false, true);
  const auto end = [&](test::peer& p) { reset ? p.reset() : p.close(); };
  for (const std::string method : {"GET", "HEAD", "PUT", "DELETE"}) {
    INFO(method);
    fixture f;
    f.warm_up();
    const auto p = f.begin(method);
    end(f.server());
    f.loop.poll();
    REQUIRE(f.net.servers.size() == 2);
    CHECK(f.server(1).received().starts_with(method));
    SECTION("the second time is the last") {
      end(f.server(1));
      f.loop.poll();
      REQUIRE(p->has_value());
      CHECK((*p)->has_error());
      CHECK(f.net.servers.size() == 2);
    }
    SECTION("the answer is the second one's") {
      f.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1);
      CHECK((*p)->has_value());
    }
  }
}

TEST_CASE("a POST that has gone out is never repeated", "[http]") {
  fixture f;
  f.warm_up();
  const auto p = f.begin("POST");
  f.server().close();
  f.loop.poll();
  REQUIRE(p->has_value());
  CHECK((*p)->error() == asio::error::eof);
  CHECK(f.net.servers.size() == 1);
}

TEST_CASE("a request whose answer has begun is never repeated", "[http]") {
  fixture f;
  f.warm_up();
  const auto p = f.begin();
  f.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
  f.server().reset();
  f.loop.poll();
  REQUIRE(p->has_value());
  CHECK((*p)->error() == asio::error::connection_reset);
  CHECK(f.net.servers.size() == 1);
}

TEST_CASE("a second exchange at the same time has a connection of its own, which is not kept", "[http]") {
  fixture f;
  f.warm_up();
  const auto first = f.begin(), second = f.begin();
  REQUIRE(f.net.servers.size() == 2);
  f.answer(ok, 1);
  CHECK((*second)->has_value());
  CHECK(f.server(1).closed());
  f.answer(ok, 0);
  CHECK((*first)->has_value());
  f.warm_up();
  CHECK(f.net.servers.size() == 2);
}

TEST_CASE("a discarded connection is not used again, nor is one that was in use then", "[http]") {
  fixture f;
  f.warm_up();
  SECTION("idle") {
    f.c.discard();
    CHECK(f.server().closed());
  }
  SECTION("in use") {
    const auto p = f.begin();
    f.c.discard();
    f.answer(ok);
    CHECK((*p)->has_value());
    CHECK(f.server().closed());
  }
  f.begin();
  CHECK(f.net.servers.size() == 2);
}

TEST_CASE("after a time-out the next exchange starts afresh", "[http]") {
  fixture f;
  f.warm_up();
  const auto p = f.begin();
  f.loop.advance(5s);
  CHECK((*p)->error() == boost::system::errc::timed_out);
  f.answer(ok);  // too late, and not the next one's
  const auto next = f.begin();
  CHECK_FALSE(next->has_value());
  f.answer(ok, 1);
  CHECK((*next)->has_value());
}

}  // namespace
}  // namespace ebb::http
