#include "agent/os/init_pair.hpp"

#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

namespace ebb::os {
namespace {

struct fixture {
  test::loop loop;
  descriptor init_end, agent_end;
  std::optional<init_pair> agent;

  fixture() {
    int fds[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == 0);
    init_end = descriptor(fds[0]);
    agent.emplace(loop.io, descriptor(fds[1]));
  }
  void say(const pair::record& r) {
    pair::packet p;
    pair::encode(r, p);
    REQUIRE(::send(init_end.get(), p.data(), p.size(), 0) == static_cast<ssize_t>(p.size()));
  }
  rt::result<pair::record> receive() {
    auto got = loop.start(agent->receive());
    REQUIRE(got->has_value());
    return **got;
  }
};

TEST_CASE("records cross the pair whole and in order", "[os]") {
  fixture f;
  pair::hello hello;
  hello.executor_pid = 7;
  f.say(hello);
  f.say(pair::signal_seen{.signo = 15, .count = 1});
  CHECK(f.receive().value() == pair::record(hello));
  CHECK(std::get<pair::signal_seen>(f.receive().value()).signo == 15);

  REQUIRE(f.agent->send(pair::alive{}));
  pair::packet p;
  REQUIRE(::recv(f.init_end.get(), p.data(), p.size(), 0) == static_cast<ssize_t>(p.size()));
  CHECK(pair::decode(p).value() == pair::record(pair::alive{}));
}

TEST_CASE("sending never blocks: a full queue is an error", "[os]") {
  fixture f;
  int sent = 0;
  while (f.agent->send(pair::alive{}) && sent < 100'000) ++sent;
  CHECK(sent > 0);
  CHECK(sent < 100'000);
}

TEST_CASE("the end of init is the end of the pair", "[os]") {
  fixture f;
  { const auto closed = std::move(f.init_end); }
  CHECK(f.receive().error() == rt::asio::error::eof);
  CHECK_FALSE(f.agent->send(pair::alive{}));
}

TEST_CASE("a packet that is no record is an error", "[os]") {
  fixture f;
  const std::string size =
      GENERATE(std::string(10, 'x'), std::string(pair::record_size, 'x'), std::string(pair::record_size + 500, 'x'));
  REQUIRE(::send(f.init_end.get(), size.data(), size.size(), 0) > 0);
  CHECK(f.receive().error().category() == pair::record_category());
}

TEST_CASE("a descriptor that is no pair is refused", "[os]") {
  test::loop loop;
  CHECK_THROWS_AS(init_pair(loop.io, descriptor(-1)), boost::system::system_error);
  int fds[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
  const descriptor other(fds[1]);
  CHECK_THROWS_AS(init_pair(loop.io, descriptor(fds[0])), boost::system::system_error);
}

}  // namespace
}  // namespace ebb::os
