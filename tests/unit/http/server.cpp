#include "agent/http/server.hpp"

#include <boost/asio/error.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::http {
namespace {

using namespace std::chrono_literals;

// The server under test, with a handler that tells what it was asked.
struct fixture {
  test::loop loop;
  test::memory_listener listener{loop.io.get_executor()};
  std::vector<request> seen;
  rt::notice release{loop.io.get_executor()};

  explicit fixture(server_limits limits = {}) {
    loop.spawn(serve(loop.clock, listener, [this](request r) { return answer(std::move(r)); }, limits));
    loop.poll();
  }

  rt::task<response> answer(request r) {
    seen.push_back(r);
    if (r.path() == "/wait") co_await release.wait();
    if (r.path() == "/throw") throw std::runtime_error("a bug");
    if (r.path() == "/split") {
      response split = plain(200, "x");
      split.headers.emplace_back("X-Reason", "a\r\nSet-Cookie: b");
      co_return split;
    }
    if (r.path() == "/large") co_return plain(200, std::string(1'000'000, 'x'));
    if (r.path() == "/stream") {
      response s;
      s.stream = [this](body_writer& out) { return write_two(out); };
      co_return s;
    }
    co_return plain(200, r.method + " " + r.target + " " + r.body + "\n");
  }

  rt::task<> write_two(body_writer& out) {
    (void)co_await out.write("first");
    co_await release.wait();
    (void)co_await out.write("");
    (void)co_await out.write("second, which is longer");
  }

  test::peer connect() {
    auto p = listener.connect();
    loop.poll();
    return p;
  }
  std::string ask(test::peer& p, std::string_view bytes) {
    p.send(bytes);
    loop.poll();
    return p.received();
  }
};

std::string body_of(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  return std::string(end == answer.npos ? "" : answer.substr(end + 4));
}

std::string first_line(std::string_view answer) { return std::string(answer.substr(0, answer.find("\r\n"))); }

TEST_CASE("a request is answered and the connection kept", "[http]") {
  fixture f;
  auto p = f.connect();
  const auto answer = f.ask(p, "GET /livez?verbose HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer ==
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 09:49:37 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Length: 20\r\n\r\nGET /livez?verbose \n");
  CHECK_FALSE(p.closed());
  CHECK(first_line(f.ask(p, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == "HTTP/1.1 200 OK");
}

TEST_CASE("pipelined requests are answered in order, one at a time", "[http]") {
  fixture f;
  auto p = f.connect();
  auto answer = f.ask(p, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer.empty());
  CHECK(f.seen.size() == 1);
  f.release.notify();
  f.loop.poll();
  answer = p.received();
  CHECK(f.seen.size() == 2);
  CHECK(answer.find("GET /wait ") < answer.find("GET /second "));
  CHECK(body_of(answer.substr(answer.rfind("HTTP/1.1"))) == "GET /second \n");
}

}  // namespace
}  // namespace ebb::http
