// What the server refuses, cuts off or leaves out.
#include <boost/asio/error.hpp>

#include "tests/unit/http/server_fixture.hpp"

namespace ebb::http {
namespace {

struct bad_request {
  const char* what;
  std::string bytes;
  unsigned status;
};

TEST_CASE("what is no request is refused by name and the connection closed", "[http]") {
  const server_limits limits;
  const bad_request rows[] = {
      {"no HTTP", "hello\r\n\r\n", 400},
      {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n", 400},
      {"a blank line first", "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"no version", "GET /\r\nHost: x\r\n\r\n", 400},
      {"HTTP/2", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get("/", "Host: y\r\n"), 400},
      {"a blank before the colon", get("/", "X-A : b\r\n"), 400},
      {"a control character in a name", get("/", "X\x01: b\r\n"), 400},
      {"a NUL in a value", get("/", std::string("X: a\0b\r\n", 8)), 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", 400},
      {"a target that is no path", get("evil"), 400},
      {"a target that is an authority", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a length that is no number", post("/", "Content-Length: x\r\n", ""), 400},
      {"a negative length", post("/", "Content-Length: -1\r\n", ""), 400},
      {"a length beyond 64 bits", post("/", "Content-Length: 99999999999999999999\r\n", ""), 400},
      {"two lengths that differ", post("/", "Content-Length: 1\r\nContent-Length: 2\r\n", "x"), 400},
      {"a list of lengths that differ", post("/", "Content-Length: 1, 2\r\n", "x"), 400},
      {"length and chunks", post("/", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"chunks and length", post("/", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
      {"chunks twice", post("/", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"chunks that are not last", post("/", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 400},
      {"another coding", post("/", "Transfer-Encoding: gzip\r\n", ""), 400},
      {"a coding beside chunks", post("/", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
      {"a coding that only looks like chunks", post("/", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400},
      {"a chunk size that is no number", post("/", "Transfer-Encoding: chunked\r\n", "x\r\n"), 400},
      {"a chunk longer than it says", post("/", "Transfer-Encoding: chunked\r\n", "1\r\nabc\r\n0\r\n\r\n"), 400},
      {"a chunk size beyond 64 bits", post("/", "Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), 400},
      {"an expectation we cannot meet", get("/", "Expect: tea\r\n"), 417},
      {"a body beyond the limit", post("/", "Content-Length: " + std::to_string(limits.body + 1) + "\r\n", ""), 413},
      {"one chunk beyond the limit", post("/", "Transfer-Encoding: chunked\r\n", "ffffff\r\n"), 413},
      {"a target beyond the limit", get("/" + std::string(limits.target, 'x')), 414},
      {"a target without end", "GET /" + std::string(limits.header + 10, 'x'), 414},
      {"a header beyond the limit", get("/", "X: " + std::string(limits.header, 'x') + "\r\n"), 431},
      {"a header without end", "GET / HTTP/1.1\r\nX: " + std::string(limits.header, 'x'), 431},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    server_fixture f;
    auto p = f.connect();
    const auto answer = f.ask(p, row.bytes);
    CHECK(status_of(answer) == row.status);
    CHECK_THAT(answer, ContainsSubstring("Connection: close\r\n"));
    CHECK(f.seen.empty());
    p.close();
    f.loop.poll();
    CHECK(p.closed());
  }
}

TEST_CASE("what is just within the limits is a request", "[http]") {
  const server_limits limits;
  server_fixture f;
  auto p = f.connect();
  CHECK(status_of(f.ask(p, post("/", "Content-Length: " + std::to_string(limits.body) + "\r\n",
                                std::string(limits.body, 'b')))) == 200);
  CHECK(f.seen.at(0).body.size() == limits.body);
  CHECK(status_of(f.ask(p, get("/" + std::string(limits.target - 1, 'x')))) == 200);
  CHECK(status_of(f.ask(p, get("/", "X: " + std::string(limits.header - 100, 'x') + "\r\n"))) == 200);
}

TEST_CASE("many small chunks cannot exceed the body's limit", "[http]") {
  server_fixture f({.body = 1000});
  auto p = f.connect();
  std::string answer = f.ask(p, post("/", "Transfer-Encoding: chunked\r\n", ""));
  for (int i = 0; i < 11 && answer.empty(); ++i) answer = f.ask(p, "64\r\n" + std::string(100, 'x') + "\r\n");
  CHECK(status_of(answer) == 413);
}

TEST_CASE("headers that trickle in line by line are counted all the same", "[http]") {
  server_fixture f;
  auto p = f.connect();
  std::string answer = f.ask(p, "GET / HTTP/1.1\r\nHost: x\r\n");
  int lines = 0;
  for (; lines < 1000 && answer.empty(); ++lines)
    answer = f.ask(p, "X-" + std::to_string(lines) + ": " + std::string(100, 'y') + "\r\n");
  CHECK(status_of(answer) == 431);
  CHECK(lines < 160);
}

TEST_CASE("a chunk line or a trailer without end is refused", "[http]") {
  const std::string begin = GENERATE(std::string("1;"), std::string("0\r\nX: "));
  server_fixture f;
  auto p = f.connect();
  std::string answer = f.ask(p, post("/", "Transfer-Encoding: chunked\r\n", begin));
  std::size_t sent = 0;
  for (; sent < 100'000 && answer.empty(); sent += 1000) answer = f.ask(p, std::string(1000, 'x'));
  CHECK(status_of(answer) >= 400);
  CHECK(sent < 30'000);
}

TEST_CASE("a client too slow for one request is cut off after ten seconds", "[http]") {
  const std::string part = GENERATE(std::string(""), std::string("GET"), get("/", "X: y\r\n").substr(0, 30),
                                    post("/", "Content-Length: 10\r\n", "12345"));
  server_fixture f;
  auto p = f.connect();
  f.ask(p, part);
  f.loop.advance(9s);
  CHECK_FALSE(p.closed());
  f.loop.advance(2s);
  CHECK(p.closed());
  CHECK(f.seen.empty());
}

TEST_CASE("a client that sends a byte now and then is cut off all the same", "[http]") {
  server_fixture f;
  auto p = f.connect();
  const auto whole = get("/", "X: yyyyyyyyyyyy\r\n");
  std::size_t sent = 0;
  for (; sent < whole.size() && !p.closed(); ++sent) {
    f.ask(p, whole.substr(sent, 1));
    f.loop.advance(1s);
  }
  CHECK(sent <= 11);
}

TEST_CASE("an idle connection is closed, a busy one and one whose answer takes time are not", "[http]") {
  server_fixture f;
  auto idle = f.connect(), busy = f.connect(), waiting = f.connect();
  f.ask(idle, get("/"));
  f.ask(waiting, get("/wait"));
  for (int i = 0; i < 8; ++i) {
    CHECK(status_of(f.ask(busy, get("/"))) == 200);
    f.loop.advance(10s);
  }
  CHECK(idle.closed());
  CHECK_FALSE(busy.closed());
  f.loop.advance(600s);
  CHECK_FALSE(waiting.closed());
  f.release.notify();
  f.loop.poll();
  CHECK(status_of(waiting.received()) == 200);
}

TEST_CASE("a client that does not read is cut off, one that reads slowly is not", "[http]") {
  server_fixture f;
  auto stuck = f.connect(), slow = f.connect();
  stuck.stall(1000);
  slow.stall(50'000);
  stuck.send(get("/large"));
  slow.send(get("/large"));
  std::size_t got = 0;
  for (int i = 0; i < 30; ++i) {
    f.loop.advance(3s);
    got += slow.received().size();
  }
  CHECK(stuck.closed());
  CHECK(got > 1'000'000);
}

TEST_CASE("a streamed body to a client that does not read ends with an error", "[http]") {
  server_fixture f;
  auto p = f.connect();
  p.stall(5000);
  p.send(get("/pour"));
  f.loop.advance(12s);
  CHECK(f.stream_failed);
  CHECK(p.closed());
}

TEST_CASE("beyond the limit a connection is closed at once, and admitted again when others have gone", "[http]") {
  server_fixture f({.connections = 3});
  std::vector<test::peer> peers;
  for (int i = 0; i < 4; ++i) peers.push_back(f.connect());
  CHECK_FALSE(peers[2].closed());
  CHECK(peers[3].closed());
  peers[0].close();
  f.loop.poll();
  auto next = f.connect();
  CHECK(status_of(f.ask(next, get("/"))) == 200);
}

TEST_CASE("after a refusal the rest is read for a while, so that the answer is not lost to a reset", "[http]") {
  server_fixture f;
  auto p = f.connect();
  CHECK(status_of(f.ask(p, post("/", "Content-Length: 1000000000\r\n", "x"))) == 413);
  CHECK_FALSE(p.closed());
  SECTION("until it is too much") {
    for (int i = 0; i < 100 && !p.closed(); ++i) f.ask(p, std::string(10'000, 'x'));
    CHECK(p.closed());
  }
  SECTION("until it has taken too long") {
    f.loop.advance(3s);
    CHECK(p.closed());
  }
}

TEST_CASE("pipelining does not buffer without end", "[http]") {
  server_fixture f;
  auto p = f.connect();
  p.send(get("/wait"));
  std::string flood;
  for (int i = 0; i < 10'000; ++i) flood += get("/");
  p.send(flood);
  f.loop.poll();
  CHECK(f.seen.size() == 1);
  CHECK(p.unread() > flood.size() - 25'000);
}

TEST_CASE("an idle server wakes nobody", "[http]") {
  server_fixture f;
  f.loop.advance(3600s);
  CHECK(f.loop.clock.wakes == 0);
}

TEST_CASE("probes cost next to no wake-ups besides their own", "[http]") {
  server_fixture f;
  auto kept = f.connect();  // a scraper that keeps its connection
  for (int second = 0; second < 600; second += 10) {
    auto probe = f.connect();
    CHECK(status_of(f.ask(probe, get("/livez", "Connection: close\r\n"))) == 200);
    f.ask(kept, get("/metrics"));
    f.loop.advance(10s);
  }
  CHECK(f.loop.clock.wakes < 150);  // in 600 s
}

}  // namespace
}  // namespace ebb::http
