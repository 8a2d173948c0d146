#include "agent/rt/byte_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "tests/unit/rt/fixture.hpp"

namespace ebb::rt {
namespace {

namespace beast_http = boost::beast::http;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
using message = beast_http::request<beast_http::string_body>;
using answer = beast_http::response<beast_http::string_body>;

task<> serve_one(network& net) {
  auto door = net.listen("[::]:80");
  auto peer = co_await (*door)->accept();
  boost::beast::flat_buffer buffer;
  for (;;) {
    message asked;
    auto [rc, n] = co_await beast_http::async_read(peer->stream, buffer, asked, as_tuple);
    if (rc) co_return;
    answer a(beast_http::status::ok, 11);
    a.body() = asked.body() + asked.body();
    a.prepare_payload();
    auto [wc, m] = co_await beast_http::async_write(peer->stream, a, as_tuple);
    if (wc) co_return;
  }
}

task<result<std::string>> exchange(byte_stream& s, std::string body) {
  message m(beast_http::verb::post, "/", 11);
  m.body() = body;
  m.prepare_payload();
  auto [wc, n] = co_await beast_http::async_write(s, m, as_tuple);
  if (wc) co_return wc;
  boost::beast::flat_buffer buffer;
  answer a;
  auto [rc, k] = co_await beast_http::async_read(s, buffer, a, as_tuple);
  if (rc) co_return rc;
  co_return a.body();
}

task<> ask_twice(sim::host& h, std::vector<std::string>& answers) {
  auto s = co_await h.net().connect(destination("server", 80));
  if (!s) co_return;
  for (const auto size : {10U, 100'000U}) {
    auto got = co_await within(deadline::after(h.clock(), 10s), exchange(*s, std::string(size, 'x')));
    if (got) answers.push_back(*got);
  }
}

struct two_hosts : fixture {
  sim::host& server = w.add_host("server").boot();
};

TEST_CASE("Beast talks over a byte stream, small messages and large ones") {
  two_hosts f;
  f.w.net().fragmentation = 0.5;
  f.server.spawn(serve_one(f.server.net()));
  std::vector<std::string> answers;
  f.run(ask_twice(f.h, answers));
  REQUIRE(answers.size() == 2);
  CHECK(answers[0] == std::string(20, 'x'));
  CHECK(answers[1] == std::string(200'000, 'x'));
}

task<> accept_and_hold(sim::host& h, byte_stream& into) {
  auto door = h.net().listen("[::]:80");
  auto peer = co_await (*door)->accept();
  into = std::move(peer->stream);
}
task<> connect_to(sim::host& h, byte_stream& into) {
  auto s = co_await h.net().connect(destination("server", 80));
  into = std::move(s.value());
}
task<> read_one(byte_stream& s, error_code& ec, bool& done) {
  char c = 0;
  auto [rc, n] = co_await s.async_read_some(asio::buffer(&c, 1), as_tuple);
  ec = rc;
  done = true;
}

// Two ends of one connection, held by the test.
struct connected : two_hosts {
  connected() {
    server.spawn(accept_and_hold(server, theirs));
    run(connect_to(h, mine));
    w.run_for(1s);
  }
  byte_stream mine, theirs;
};

TEST_CASE("close ends the pending read, and the peer sees the end of the stream") {
  connected f;
  error_code here, there;
  bool here_done = false, there_done = false;
  f.h.spawn(read_one(f.mine, here, here_done));
  f.server.spawn(read_one(f.theirs, there, there_done));
  f.w.after(1s, [&] { f.mine.close(), f.mine.close(); });
  f.w.run_for(2s);
  CHECK(here_done);
  CHECK(here == aborted);
  CHECK(there_done);
  CHECK(there == asio::error::eof);
}

TEST_CASE("destroying a stream closes it") {
  connected f;
  error_code there;
  bool there_done = false;
  f.server.spawn(read_one(f.theirs, there, there_done));
  f.w.after(1s, [&] { f.mine = byte_stream(); });
  f.w.run_for(2s);
  CHECK(there == asio::error::eof);
  CHECK_FALSE(f.mine);
}

TEST_CASE("a cancelled read ends promptly and the stream can still be closed") {
  connected f;
  error_code here;
  bool here_done = false;
  auto& j = f.h.try_spawn(read_one(f.mine, here, here_done));
  f.w.after(1s, [&] { j.cancel(); });
  f.w.run_for(1s);
  CHECK(here_done);
  CHECK(here == aborted);
  f.mine.close();
}

TEST_CASE("an operation on a closed stream is an error, not a crash") {
  connected f;
  f.mine.close();
  error_code here;
  bool here_done = false;
  f.h.spawn(read_one(f.mine, here, here_done));
  f.w.run_for(1s);
  CHECK(here_done);
  CHECK(here == asio::error::bad_descriptor);
}

TEST_CASE("an empty buffer is served at once") {
  connected f;
  bool done = false;
  f.h.spawn([](byte_stream& s, bool& into) -> task<> {
    auto [ec, n] = co_await s.async_read_some(asio::mutable_buffer(), as_tuple);
    into = !ec && n == 0;
  }(f.mine, done));
  f.w.run_for(1s);
  CHECK(done);
}

}  // namespace
}  // namespace ebb::rt
