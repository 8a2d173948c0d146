#pragma once
// The server under test on manual time, with a handler that tells what it was asked.
#include <charconv>

#include "agent/http/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::http {

using namespace std::chrono_literals;

struct server_fixture {
  test::loop loop;
  test::memory_listener listener{loop.io.get_executor()};
  std::vector<request> seen;
  rt::notice release{loop.io.get_executor()};
  bool stream_failed = false;
  std::vector<boost::system::error_code> accepting;  // why it failed, each time

  explicit server_fixture(server_limits limits = {}) {
    loop.spawn(serve(
        loop.clock, listener, [this](request r) { return answer(std::move(r)); },
        [this](boost::system::error_code why) { accepting.push_back(why); }, limits));
    loop.poll();
  }

  rt::task<response> answer(request r) {
    seen.push_back(r);
    const auto path = r.path();
    if (path == "/wait") co_await release.wait();
    if (path == "/throw") throw std::runtime_error("a bug");
    if (path == "/large") co_return plain(200, std::string(1'000'000, 'x'));
    if (path == "/empty") co_return plain(204, "");
    response r2 = plain(200, r.method + " " + r.target + " " + r.body + "\n");
    if (path == "/split") r2.headers.emplace_back("X-Reason", "a\r\nSet-Cookie: b");
    if (path == "/lie") r2.headers.emplace_back("Content-Length", "1");
    if (path == "/stream") r2.stream = [this](body_writer& out) { return write_two(out); };
    if (path == "/break") r2.stream = [this](body_writer& out) { return break_off(out); };
    if (path == "/pour") r2.stream = [this](body_writer& out) { return pour(out); };
    co_return r2;
  }

  rt::task<> write_two(body_writer& out) {
    (void)co_await out.write("first");
    co_await release.wait();
    (void)co_await out.write("");
    (void)co_await out.write("second, of 22 letters.");
  }
  rt::task<> break_off(body_writer& out) {
    (void)co_await out.write("first");
    throw std::runtime_error("a bug");
  }
  rt::task<> pour(body_writer& out) {
    for (;;) {
      auto written = co_await out.write(std::string(1000, 'x'));
      stream_failed = !written;
      if (stream_failed) co_return;
    }
  }

  test::peer connect() {
    auto p = listener.connect();
    loop.poll();
    return p;
  }
  // Sends and returns what has come back by then.
  std::string ask(test::peer& p, std::string_view bytes) {
    p.send(bytes);
    std::string all;
    for (std::string more;; all += more) {  // a long answer comes by windows
      loop.poll();
      more = p.received();
      if (more.empty()) return all;
    }
  }
  std::string ask(std::string_view bytes) {
    auto p = connect();
    return ask(p, bytes);
  }
};

inline std::string body_of(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  return std::string(end == answer.npos ? "" : answer.substr(end + 4));
}

// 0 when there is none.
inline unsigned status_of(std::string_view answer) {
  unsigned status = 0;
  if (answer.starts_with("HTTP/1.1 ")) std::from_chars(answer.data() + 9, answer.data() + 12, status);
  return status;
}

inline std::string get(std::string_view target, std::string_view headers = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n";
}

inline std::string post(std::string_view target, std::string_view headers, std::string_view body) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace ebb::http
