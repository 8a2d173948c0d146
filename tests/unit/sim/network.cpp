#include "tests/support/sim/network.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>

#include "agent/rt/within.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/scenario.hpp"

namespace ebb::sim {
namespace {

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// Serves one connection after the other and gives back each line, in capitals.
rt::task<> echo(host& h, std::string address, bool& loopback) {
  auto door = h.net().listen(address);
  if (!door) throw boost::system::system_error(door.error());
  for (;;) {
    auto a = co_await (*door)->accept();
    if (!a) continue;
    loopback = a->loopback;
    for (;;) {
      char c = 0;
      auto [ec, n] = co_await a->stream.async_read_some(asio::buffer(&c, 1), as_tuple);
      if (ec) break;
      c = static_cast<char>(c - 'a' + 'A');
      auto [wc, m] = co_await asio::async_write(a->stream, asio::buffer(&c, 1), as_tuple);
      if (wc) break;
    }
  }
}

struct answer {
  error_code ec;
  std::string text;
};

rt::task<rt::result<std::string>> ask(host& h, rt::destination to, std::string question) {
  auto stream = co_await h.net().connect(to);
  if (!stream) co_return stream.error();
  auto [wc, n] = co_await asio::async_write(*stream, asio::buffer(question), as_tuple);
  if (wc) co_return wc;
  std::string back(question.size(), ' ');
  auto [rc, m] = co_await asio::async_read(*stream, asio::buffer(back), as_tuple);
  if (rc) co_return rc;
  co_return back;
}

rt::task<> ask_within(host& h, rt::destination to, rt::duration limit, answer& into) {
  auto got = co_await rt::within(rt::deadline::after(h.clock(), limit), ask(h, to, "hello"));
  into.ec = got ? error_code() : got.error();
  into.text = got ? *got : "";
}

struct pair {
  explicit pair(std::uint64_t seed) : w(seed) {}
  answer ask(std::string name = "server", rt::duration limit = 10s, std::uint16_t port = 80) {
    answer a;
    auto& j = client.spawn(ask_within(client, rt::destination(std::move(name), port), limit, a));
    REQUIRE(w.run_while_not([&] { return j.done(); }, limit + 1s));
    return a;
  }
  void serve(std::string address = "[::]:80") {
    server.spawn(echo(server, std::move(address), loopback));
    w.run_for(1ms);
  }
  world w;
  bool loopback = false;
  host& client = w.add_host("client").boot();
  host& server = w.add_host("server").boot();
};

TEST_CASE("bytes go there and back, with latency") {
  pair p(1);
  p.serve();
  CHECK(p.ask().text == "HELLO");
  CHECK(p.w.elapsed() > 1ms);
  CHECK_FALSE(p.loopback);
}

TEST_CASE("a name that nobody has is not found, a port that nobody has is refused") {
  pair p(1);
  CHECK(p.ask("nobody").ec == asio::error::host_not_found);
  CHECK(p.ask("server").ec == asio::error::connection_refused);
}

TEST_CASE("an address works like a name") {
  pair p(1);
  p.serve();
  p.w.net().alias("db.example", "server");
  CHECK(p.ask("10.0.0.1").text == "HELLO");
  CHECK(p.ask("db.example").text == "HELLO");
  p.w.net().forget("db.example");
  CHECK(p.ask("db.example").ec == asio::error::host_not_found);
}

TEST_CASE("a loopback listener is reached from its own pod only, and says so") {
  world w(1);
  auto& agent = w.add_host("agent", "pod").boot();
  auto& java = w.add_host("java", "pod").boot();
  auto& other = w.add_host("other").boot();
  bool loopback = false;
  java.spawn(echo(java, "127.0.0.1:9010", loopback));
  w.run_for(1ms);
  answer local, remote;
  agent.spawn(ask_within(agent, rt::destination("127.0.0.1", 9010), 1s, local));
  w.run_for(1s);
  CHECK(local.text == "HELLO");
  CHECK(loopback);
  other.spawn(ask_within(other, rt::destination("pod", 9010), 1s, remote));
  w.run_for(1s);
  CHECK(remote.ec == asio::error::connection_refused);
}

TEST_CASE("a second listener on a port is told that it is in use") {
  pair p(1);
  p.serve();
  CHECK(p.server.net().listen("0.0.0.0:80").error() == boost::system::errc::address_in_use);
  CHECK(p.server.net().listen("nonsense").error() == boost::system::errc::invalid_argument);
}

TEST_CASE("a dead process refuses, a dark machine is silent") {
  pair p(1);
  p.serve();
  p.server.crash(host::end::process);
  CHECK(p.ask().ec == asio::error::connection_refused);
  p.server.boot();
  p.serve();
  CHECK(p.ask().text == "HELLO");
  p.server.crash(host::end::power);
  CHECK(p.ask().ec == boost::system::errc::timed_out);
}

TEST_CASE("a connect during a cut succeeds after healing, as the kernel repeats the SYN") {
  pair p(1);
  p.serve();
  p.w.net().cut_one_way("server", "client");
  p.w.after(2s, [&] { p.w.net().heal(); });
  const auto began = p.w.now();
  CHECK(p.ask().text == "HELLO");
  CHECK(p.w.now() - began > 3s);
  CHECK(p.w.now() - began < 4s);
}

rt::task<> keep_asking(host& h, answer& into) {
  auto stream = co_await h.net().connect(rt::destination("server", 80));
  if (!stream) co_return;
  for (;;) {
    char c = 'x';
    auto [wc, n] = co_await stream->async_write_some(asio::buffer(&c, 1), as_tuple);
    if (wc) co_return void(into.ec = wc);
    auto [rc, m] = co_await stream->async_read_some(asio::buffer(&c, 1), as_tuple);
    if (rc) co_return void(into.ec = rc);
    into.text.push_back(c);
    co_await h.clock().sleep_for(1s);
  }
}

TEST_CASE("what is under way during a cut arrives after healing, in order") {
  answer a;  // outlives the world, whose end still completes the asking
  pair p(1);
  p.serve();
  p.client.spawn(keep_asking(p.client, a));
  p.w.run_for(2500ms);
  CHECK(a.text == "XXX");
  p.w.net().cut("client", "server");
  p.w.run_for(1h);
  CHECK(a.text == "XXX");
  p.w.net().heal();
  p.w.run_for(5s);
  CHECK(a.text.size() > 5);
  CHECK_FALSE(a.ec);
}

TEST_CASE("a reset reaches both ends") {
  answer a;  // outlives the world, whose end still completes the asking
  pair p(1);
  p.serve();
  p.client.spawn(keep_asking(p.client, a));
  p.w.run_for(2500ms);
  p.w.net().reset("server", "client");
  p.w.run_for(2s);
  CHECK((a.ec == asio::error::connection_reset || a.ec == asio::error::broken_pipe));
  CHECK(p.ask().text == "HELLO");
}

TEST_CASE("a half-open connection goes silent for ever") {
  answer a;  // outlives the world, whose end still completes the asking
  pair p(1);
  p.serve();
  p.w.net().faults.half_open = 1;
  p.client.spawn(keep_asking(p.client, a));
  p.w.run_for(1h);
  CHECK(a.text.size() < 12);
  CHECK_FALSE(a.ec);
}

TEST_CASE("the end of a process closes its connections") {
  answer a;  // outlives the world, whose end still completes the asking
  pair p(1);
  p.serve();
  p.client.spawn(keep_asking(p.client, a));
  p.w.run_for(2500ms);
  p.server.crash();
  p.w.run_for(2s);
  CHECK((a.ec == asio::error::eof || a.ec == asio::error::connection_reset || a.ec == asio::error::broken_pipe));
}

rt::task<> flood(host& h, std::size_t& sent) {
  auto stream = co_await h.net().connect(rt::destination("server", 80));
  if (!stream) co_return;
  const std::string piece(10'000, 'x');
  for (;;) {
    auto [ec, n] = co_await stream->async_write_some(asio::buffer(piece), as_tuple);
    if (ec) co_return;
    sent += n;
  }
}

rt::task<> accept_and_read_later(host& h, std::size_t& got) {
  auto door = h.net().listen("[::]:80");
  auto a = co_await (*door)->accept();
  co_await h.clock().sleep_for(10s);
  std::string into(100'000, ' ');
  for (;;) {
    auto [ec, n] = co_await a->stream.async_read_some(asio::buffer(into), as_tuple);
    if (ec) co_return;
    got += n;
    co_await h.clock().sleep_for(1s);
  }
}

TEST_CASE("a writer waits for a reader that does not read") {
  std::size_t sent = 0, got = 0;
  pair p(1);
  p.server.spawn(accept_and_read_later(p.server, got));
  p.w.run_for(1ms);
  p.client.spawn(flood(p.client, sent));
  p.w.run_for(5s);
  CHECK(sent == p.w.net().window);
  p.w.run_for(20s);
  CHECK(sent > 2 * p.w.net().window);
  CHECK(got <= sent);
}

TEST_CASE("lost SYNs, resets and restarts repeat with the seed") {
  scenario([](world& w) {
    w.net().faults.lost_syn = 0.2;
    w.net().faults.reset = 0.2;
    auto& server = w.add_host("server");
    bool loopback = false;
    server.runs([&](host& h) { return echo(h, "[::]:80", loopback); }).boot();
    std::vector<answer> answers(20);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      auto& c = w.add_host("client" + std::to_string(i)).boot();
      c.spawn(ask_within(c, rt::destination("server", 80), 5s, answers[i]));
    }
    w.after(1s, [&] { server.restart(); });
    w.run_for(20s);
    for (const auto& a : answers) CHECK((a.ec || a.text == "HELLO"));
  });
}

}  // namespace
}  // namespace ebb::sim
