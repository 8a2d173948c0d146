#include "agent/http/server.hpp"

#include <boost/asio/error.hpp>

#include "tests/unit/http/server_fixture.hpp"

namespace ebb::http {
namespace {

TEST_CASE("a request is answered and the connection kept", "[http]") {
  server_fixture f;
  auto p = f.connect();
  CHECK(f.ask(p, get("/livez?verbose")) ==
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 09:49:37 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Length: 20\r\n\r\nGET /livez?verbose \n");
  CHECK_FALSE(p.closed());
  CHECK(status_of(f.ask(p, get("/"))) == 200);
}

TEST_CASE("the handler learns who asks", "[http]") {
  server_fixture f;
  auto p = f.listener.connect("127.0.0.1:4711", true);
  f.loop.poll();
  f.ask(p, get("/", "X-Token: a\r\n"));
  REQUIRE(f.seen.size() == 1);
  CHECK(f.seen[0].peer == "127.0.0.1:4711");
  CHECK(f.seen[0].from_loopback);
  CHECK(find_header(f.seen[0].headers, "x-token") == "a");
}

TEST_CASE("pipelined requests are answered in order, one at a time", "[http]") {
  server_fixture f;
  auto p = f.connect();
  auto answer = f.ask(p, get("/wait") + get("/second"));
  CHECK(answer.empty());
  CHECK(f.seen.size() == 1);
  f.release.notify();
  f.loop.poll();
  answer = p.received();
  CHECK(f.seen.size() == 2);
  CHECK(answer.find("GET /wait ") < answer.find("GET /second "));
  CHECK(body_of(answer.substr(answer.rfind("HTTP/1.1"))) == "GET /second \n");
}

TEST_CASE("a request that comes byte by byte is a request", "[http]") {
  server_fixture f;
  auto p = f.connect();
  const auto whole = post("/a", "Content-Length: 4\r\n", "body") +
                     post("/b", "Transfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n1\r\nd\r\n0\r\n\r\n");
  std::string answer;
  for (const char c : whole) answer += f.ask(p, {&c, 1});
  CHECK_THAT(answer, ContainsSubstring("POST /a body\n"));
  CHECK_THAT(answer, ContainsSubstring("POST /b abcd\n"));
}

TEST_CASE("the last chunk may come in any two parts", "[http]") {
  const std::string last = "0\r\nX: y\r\n\r\n", empty = "0\r\n\r\n";
  for (const auto& whole : {last, empty, "2\r\nab\r\n" + last, "2\r\nab\r\n" + empty})
    for (std::size_t cut = 1; cut < whole.size(); ++cut)
      for (std::size_t more = 1; cut + more < whole.size(); ++more) {
        INFO(whole << " cut at " << cut << " and " << cut + more);
        server_fixture f;
        auto p = f.connect();
        f.ask(p, post("/", "Transfer-Encoding: chunked\r\n", whole.substr(0, cut)));
        f.ask(p, whole.substr(cut, more));
        CHECK(status_of(f.ask(p, whole.substr(cut + more))) == 200);
      }
}

TEST_CASE("trailers and chunk extensions are read and dropped", "[http]") {
  server_fixture f;
  const auto answer = f.ask(post("/", "Transfer-Encoding: chunked\r\n",
                                 "5;name=\"value\"\r\nhello\r\n0;last\r\nX-Trailer: a\r\nHost: y\r\n\r\n"));
  CHECK(body_of(answer) == "POST / hello\n");
  CHECK_FALSE(find_header(f.seen.at(0).headers, "X-Trailer"));
}

TEST_CASE("HEAD is answered as GET without the body", "[http]") {
  server_fixture f;
  auto p = f.connect();
  const auto answer = f.ask(p, "HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(answer, ContainsSubstring("Content-Length: 8\r\n"));
  CHECK(body_of(answer).empty());
  CHECK(f.seen.at(0).method == "GET");
  CHECK(status_of(f.ask(p, get("/"))) == 200);
  CHECK(body_of(f.ask(p, "HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n")).empty());
  CHECK(status_of(f.ask(p, get("/"))) == 200);
}

TEST_CASE("a connection is closed when either version or header asks for it", "[http]") {
  server_fixture f;
  SECTION("Connection: close") {
    auto p = f.connect();
    CHECK_THAT(f.ask(p, get("/", "Connection: close\r\n")), ContainsSubstring("Connection: close\r\n"));
    CHECK(p.closed());
  }
  SECTION("HTTP/1.0") {
    auto p = f.connect();
    const auto answer = f.ask(p, "GET / HTTP/1.0\r\n\r\n");
    CHECK_THAT(answer, ContainsSubstring("HTTP/1.0 200"));
    CHECK_THAT(answer, ContainsSubstring("Connection: close\r\n"));
    CHECK(p.closed());
  }
  SECTION("HTTP/1.0 that asks to be kept") {
    auto p = f.connect();
    CHECK_THAT(f.ask(p, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
               ContainsSubstring("Connection: keep-alive\r\n"));
    CHECK_FALSE(p.closed());
  }
}

TEST_CASE("a streamed body goes out piece by piece, the headers at once", "[http]") {
  server_fixture f;
  auto p = f.connect();
  const auto begun = f.ask(p, get("/stream"));
  CHECK_THAT(begun, ContainsSubstring("Transfer-Encoding: chunked\r\n"));
  CHECK(body_of(begun) == "5\r\nfirst\r\n");
  f.release.notify();
  f.loop.poll();
  CHECK(p.received() == "16\r\nsecond, of 22 letters.\r\n0\r\n\r\n");
  CHECK(status_of(f.ask(p, get("/"))) == 200);
}

TEST_CASE("a streamed body for HTTP/1.0 ends with the connection", "[http]") {
  server_fixture f;
  auto p = f.connect();
  auto answer = f.ask(p, "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  f.release.notify();
  f.loop.poll();
  answer += p.received();
  CHECK(body_of(answer) == "firstsecond, of 22 letters.");
  CHECK(p.closed());
}

TEST_CASE("a streamed body that fails is seen as cut off", "[http]") {
  server_fixture f;
  auto p = f.connect();
  CHECK(body_of(f.ask(p, get("/break"))) == "5\r\nfirst\r\n");
  CHECK(p.closed());
}

TEST_CASE("a handler that throws is a 500 and costs only its own request", "[http]") {
  server_fixture f;
  auto p = f.connect();
  CHECK(status_of(f.ask(p, get("/throw"))) == 500);
  CHECK(status_of(f.ask(p, get("/"))) == 200);
  CHECK_FALSE(f.loop.failure);
}

TEST_CASE("no header of a handler can break the framing", "[http]") {
  server_fixture f;
  const auto split = f.ask(get("/split"));
  CHECK(status_of(split) == 500);
  CHECK(split.find("Set-Cookie") == split.npos);
  const auto lie = f.ask(get("/lie"));
  CHECK(lie.find("Content-Length: 1\r\n") == lie.npos);
  CHECK(body_of(lie) == "GET /lie \n");
}

TEST_CASE("204 has neither body nor length", "[http]") {
  server_fixture f;
  auto p = f.connect();
  const auto answer = f.ask(p, get("/empty"));
  CHECK(status_of(answer) == 204);
  CHECK(answer.find("Content-Length") == answer.npos);
  CHECK(status_of(f.ask(p, get("/"))) == 200);
}

TEST_CASE("a client that waits for 100 Continue gets it once", "[http]") {
  server_fixture f;
  auto p = f.connect();
  const auto head = post("/", "Content-Length: 4\r\nExpect: 100-continue\r\n", "");
  CHECK(f.ask(p, head) == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(f.ask(p, "bo").empty());
  CHECK(body_of(f.ask(p, "dy")) == "POST / body\n");
  CHECK(status_of(f.ask(p, head + "body")) == 200);  // did not wait
}

TEST_CASE("an absolute target is reduced to its path", "[http]") {
  server_fixture f;
  CHECK(body_of(f.ask(get("http://node:9011/status?x=1"))) == "GET /status?x=1 \n");
  CHECK(body_of(f.ask(get("http://node:9011"))) == "GET / \n");
}

TEST_CASE("accepting goes on after it has failed, but not at once", "[http]") {
  server_fixture f;
  f.listener.fail(make_error_code(boost::system::errc::too_many_files_open));
  f.loop.poll();
  auto p = f.connect();
  CHECK(f.ask(p, get("/")).empty());
  f.loop.advance(100ms);
  CHECK(status_of(p.received()) == 200);
  CHECK(f.accepting == std::vector{make_error_code(boost::system::errc::too_many_files_open)});
}

TEST_CASE("a server that is stopped closes every connection", "[http]") {
  std::optional<server_fixture> f(std::in_place);
  auto idle = f->connect(), busy = f->connect(), streaming = f->connect();
  f->ask(busy, get("/wait"));
  f->ask(streaming, get("/stream"));
  f.reset();
  CHECK(idle.closed());
  CHECK(busy.closed());
  CHECK(streaming.closed());
}

}  // namespace
}  // namespace ebb::http
