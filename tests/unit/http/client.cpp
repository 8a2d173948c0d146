#include "agent/http/client.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::http {
namespace {

using namespace std::chrono_literals;
namespace asio = rt::asio;
using beast_error = boost::beast::http::error;
using pending = std::shared_ptr<std::optional<rt::result<response>>>;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// The client under test; the test plays the server.
struct fixture {
  test::loop loop;
  test::memory_network net{loop.io.get_executor()};
  client c;

  explicit fixture(client_limits limits = {}, std::string url = "http://dremio:9047/base/")
      : c(net, *parse_base_url(url), {}, limits) {}

  pending begin(std::string method, std::string body = "", header_list headers = {}) {
    request r;
    r.method = std::move(method);
    r.target = "/x?y=1";
    r.body = std::move(body);
    r.headers = std::move(headers);
    return loop.start(c.exchange(std::move(r), rt::deadline::after(loop.clock, 5s)));
  }
  test::peer& server(std::size_t n = 0) { return net.servers.at(n); }
  void answer(std::string_view bytes, std::size_t n = 0) {
    server(n).send(bytes);
    loop.poll();
  }
  // One whole exchange on the n-th connection.
  rt::result<response> ask(std::string_view bytes, std::size_t n = 0, std::string method = "GET") {
    const auto p = begin(std::move(method));
    answer(bytes, n);
    server(n).close();
    loop.poll();
    REQUIRE(p->has_value());
    return **p;
  }
};

TEST_CASE("a request says what it must, and nothing about compression", "[http]") {
  fixture f;
  f.begin("GET", "", {{"Accept", "a/b"}, {"host", "evil"}, {"Content-Length", "7"}});
  CHECK(f.server().received() ==
        "GET /base/x?y=1 HTTP/1.1\r\nHost: dremio:9047\r\nUser-Agent: ebb/0.1.0\r\nAccept: a/b\r\n\r\n");
  f.begin("POST", "body");
  CHECK_THAT(f.server(1).received(), ContainsSubstring("\r\nContent-Length: 4\r\n\r\nbody"));
  f.begin("POST");
  CHECK_THAT(f.server(2).received(), ContainsSubstring("\r\nContent-Length: 0\r\n\r\n"));
}

TEST_CASE("the destination is the address's, with TLS as the scheme says", "[http]") {
  fixture f({}, "https://[fd00::1]");
  f.begin("GET");
  REQUIRE(f.net.asked.size() == 1);
  CHECK(f.net.asked[0].host == "fd00::1");
  CHECK(f.net.asked[0].port == 443);
  CHECK(f.net.asked[0].tls.enabled);
  CHECK_THAT(f.server().received(), ContainsSubstring("Host: [fd00::1]:443\r\n"));
}

TEST_CASE("what would break the framing of a request is refused before anything is sent", "[http]") {
  fixture f;
  const header_list bad =
      GENERATE(header_list{{"X", "a\r\nY: b"}}, header_list{{"X", "a\nb"}}, header_list{{"X", std::string("a\0b", 3)}},
               header_list{{"X\r\nY", "b"}}, header_list{{"X Y", "b"}}, header_list{{"", "b"}});
  CHECK((*f.begin("GET", "", bad))->error() == boost::system::errc::invalid_argument);
  CHECK((*f.begin("GET /\r\n"))->error() == boost::system::errc::invalid_argument);
  CHECK(f.net.asked.empty());
}

TEST_CASE("answers are read whatever way their end is told", "[http]") {
  struct row {
    const char* bytes;
    const char* body;
    bool ended_by_close;
  };
  const row rows[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=\"y\"\r\no\r\n1\r\nk\r\n0\r\nX-T: a\r\n\r\n", "ok",
       false},
      {"HTTP/1.1 200 OK\r\n\r\nok", "ok", true},
      {"HTTP/1.0 200 OK\r\n\r\nok", "ok", true},
      {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "", false},
      {"HTTP/1.1 204 No Content\r\n\r\n", "", false},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", false},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
       "2\r\n\r\nok",
       "ok", false},
  };
  for (const auto& r : rows) {
    INFO(r.bytes);
    fixture f;
    const auto got = f.ask(r.bytes);
    REQUIRE(got.has_value());
    CHECK(got->body == r.body);
    CHECK(got->ended_by_close == r.ended_by_close);
    CHECK_FALSE(find_header(got->headers, "X-T"));
  }
}

TEST_CASE("an answer to HEAD has no body, whatever length it tells", "[http]") {
  fixture f;
  const auto got = f.ask("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 0, "HEAD");
  REQUIRE(got.has_value());
  CHECK(got->body.empty());
}

TEST_CASE("an answer that is cut off, or is none, is an error by name", "[http]") {
  struct row {
    std::string bytes;
    rt::error_code ec;
  };
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const row rows[] = {
      {"", asio::error::eof},
      {"HTTP/1.1 20", beast_error::partial_message},
      {"HTTP/1.1 200 OK\r\nContent-Le", beast_error::partial_message},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", beast_error::partial_message},
      {chunked + "2\r\no", beast_error::partial_message},
      {chunked + "2\r\nok\r\n", beast_error::partial_message},
      {chunked + "2\r\nok\r\n0\r\n", beast_error::partial_message},
      {chunked + "x\r\n", beast_error::bad_chunk},
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", beast_error::bad_version},
      {"HTTP/3.0 200 OK\r\n\r\n", beast_error::bad_version},
      {"HTTP/1.1 abc OK\r\n\r\n", beast_error::bad_status},
      {"HTTP/1.1 101 Switching\r\n\r\n", beast_error::bad_status},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", beast_error::bad_content_length},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       beast_error::bad_transfer_encoding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxx", beast_error::bad_transfer_encoding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", beast_error::bad_transfer_encoding},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", beast_error::body_limit},
      {chunked + "3e9\r\n", beast_error::body_limit},
      {chunked + "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n", beast_error::body_limit},
      {"HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), beast_error::body_limit},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x') + "\r\n\r\n", beast_error::header_limit},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'), beast_error::header_limit},
      {chunked + "1;" + std::string(100'000, 'x'), beast_error::header_limit},
  };
  for (const auto& r : rows) {
    INFO(r.bytes.substr(0, 100));
    fixture f({.header = 2000, .body = 1000});
    const auto got = f.ask(r.bytes);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error() == r.ec);
    CHECK(f.server().closed());
    CHECK(f.net.servers.size() == 1);  // a fresh connection that fails is not replaced
  }
}

TEST_CASE("interim answers without end are an error", "[http]") {
  fixture f;
  std::string many;
  for (int i = 0; i < 20; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(f.ask(many + ok).error() == beast_error::bad_status);
}

TEST_CASE("a redirect is returned, never followed", "[http]") {
  fixture f;
  const auto got = f.ask("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(got.has_value());
  CHECK(got->status == 302);
  CHECK(find_header(got->headers, "location") == "http://elsewhere/");
  CHECK(f.net.asked.size() == 1);
}

TEST_CASE("an error of connecting is the exchange's", "[http]") {
  fixture f;
  f.net.failures.push_back(asio::error::connection_refused);
  CHECK((*f.begin("GET"))->error() == asio::error::connection_refused);
}

TEST_CASE("the deadline covers the whole exchange, and the connection is given up", "[http]") {
  fixture f;
  const auto p = f.begin("GET");
  f.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  for (int i = 0; i < 4; ++i) {
    f.loop.advance(1s);
    f.answer("x");
  }
  CHECK_FALSE(p->has_value());
  f.loop.advance(1s);
  REQUIRE(p->has_value());
  CHECK((*p)->error() == boost::system::errc::timed_out);
  CHECK(f.server().closed());
}

TEST_CASE("a server that takes nothing is given up at the deadline", "[http]") {
  fixture f;
  const auto p = f.begin("POST", std::string(1'000'000, 'x'));
  f.loop.advance(6s);
  REQUIRE(p->has_value());
  CHECK((*p)->error() == boost::system::errc::timed_out);
}

}  // namespace
}  // namespace ebb::http
