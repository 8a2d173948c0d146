#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include "agent/http/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::http {
namespace {

using namespace std::chrono_literals;
namespace asio = rt::asio;

struct fixture {
  test::loop loop;
  test::memory_network net{loop.io.get_executor()};
  client c{net, *parse_base_url("https://10.0.0.1"), {}};
  std::unique_ptr<body_reader> body;

  test::peer& server(std::size_t n = 0) { return net.servers.at(n); }
  void answer(std::string_view bytes) {
    server().send(bytes);
    loop.poll();
  }
  rt::result<std::unique_ptr<body_reader>> open(std::string_view head) {
    const auto p = loop.start(c.open(request{}, rt::deadline::after(loop.clock, 5s)));
    CHECK(!p->has_value());
    answer(head);
    REQUIRE(p->has_value());
    return std::move(**p);
  }
  void open_chunked() {
    auto opened = open("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    REQUIRE(opened.has_value());
    body = std::move(*opened);
  }
  auto next() { return loop.start(body->next(rt::deadline::after(loop.clock, 5s))); }
};

TEST_CASE("a streamed answer is there with its head, and each piece when it comes", "[http]") {
  fixture f;
  f.open_chunked();
  CHECK(f.body->status() == 200);
  const auto first = f.next();
  CHECK(!first->has_value());
  f.answer("5\r\nhello\r\n3\r\n");
  REQUIRE(first->has_value());
  CHECK(first->value().value() == "hello");
  const auto second = f.next();
  CHECK(!second->has_value());
  f.answer("abc\r\n0\r\n\r\n");
  CHECK(second->value().value() == "abc");
  CHECK(f.next()->value().value().empty());
}

TEST_CASE("a stream that ends within its body is told from one that ends in order", "[http]") {
  fixture f;
  f.open_chunked();
  const auto piece = f.next();
  f.answer("5\r\nhel");
  CHECK(piece->value().value() == "hel");
  const auto end = f.next();
  f.server().close();
  f.loop.poll();
  CHECK(end->value().error() == boost::beast::http::error::partial_message);
}

TEST_CASE("a stream that is reset or silent is an error of the connection", "[http]") {
  fixture f;
  f.open_chunked();
  SECTION("reset") {
    const auto piece = f.next();
    f.server().reset();
    f.loop.poll();
    CHECK(piece->value().error() == asio::error::connection_reset);
  }
  SECTION("silent") {
    const auto piece = f.next();
    f.loop.advance(6s);
    CHECK(piece->value().error() == boost::system::errc::timed_out);
  }
}

TEST_CASE("the end of a reader is the end of its connection", "[http]") {
  fixture f;
  f.open_chunked();
  CHECK(!f.server().closed());
  f.body.reset();
  f.loop.poll();
  CHECK(f.server().closed());
}

TEST_CASE("a short call beside a stream has a connection of its own", "[http]") {
  fixture f;
  f.open_chunked();
  const auto p = f.loop.start(f.c.exchange(request{}, rt::deadline::after(f.loop.clock, 5s)));
  REQUIRE(f.net.servers.size() == 2);
  f.server(1).send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  f.loop.poll();
  CHECK(p->value().value().body == "ok");
}

TEST_CASE("a length that promises too much takes no memory", "[http]") {
  fixture f;
  const auto opened = f.open("HTTP/1.1 200 OK\r\nContent-Length: 900000000000000000\r\n\r\n");
  REQUIRE(opened.has_value());
}

}  // namespace
}  // namespace ebb::http
