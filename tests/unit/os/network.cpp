#include "agent/os/network.hpp"

#include <sys/resource.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/unit/os/world.hpp"

namespace ebb::os {
namespace {

namespace asio = rt::asio;
using asio::ip::tcp;

// Names with the addresses that a test gives them.
struct fixed_names final : rt::resolver {
  std::vector<asio::ip::address> addresses;
  explicit fixed_names(std::initializer_list<const char*> texts) {
    for (const char* text : texts) addresses.push_back(asio::ip::make_address(text));
  }
  rt::task<rt::result<std::vector<asio::ip::address>>> resolve(std::string) override { co_return addresses; }
  rt::task<rt::result<std::string>> reverse(asio::ip::address) override {
    co_return rt::error_code(asio::error::host_not_found);
  }
  std::string host_name() override { return "x"; }
};

struct attempt {
  rt::error_code ec;
  rt::duration took;
};

rt::task<attempt> dial(world& w, rt::network& net, std::uint16_t port, rt::duration limit = 10s) {
  const auto began = w.clock.now();
  auto connecting = net.connect(rt::destination("x", port));
  auto stream = co_await rt::within(rt::deadline::after(w.clock, limit), std::move(connecting));
  co_return attempt{stream ? rt::error_code() : stream.error(), w.clock.now() - began};
}

// Takes neither connections nor refuses them: its queue is full.
struct black_hole {
  black_hole(asio::io_context& io, const char* address, std::uint16_t port) : acceptor(io) {
    const tcp::endpoint at(asio::ip::make_address(address), port);
    acceptor.open(at.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(at);
    acceptor.listen(0);
    for (int i = 0; i < 3; ++i) {
      fillers.emplace_back(io).open(at.protocol());
      fillers.back().native_non_blocking(true);
      (void)::connect(fillers.back().native_handle(), at.data(),
                      static_cast<socklen_t>(at.size()));  // waits for nothing
    }
  }
  tcp::acceptor acceptor;
  std::list<tcp::socket> fillers;
};

TEST_CASE("addresses are tried in turn", "[os]") {
  world w;
  fixed_names names{"127.0.0.2", "::1", "127.0.0.1"};
  os::network net(w.io, w.clock, names, w.files);
  tcp::acceptor listener(w.io, {asio::ip::address_v4::loopback(), 0});
  CHECK_FALSE(w.run(dial(w, net, listener.local_endpoint().port())).ec);
}

TEST_CASE("when all addresses fail the last error is told", "[os]") {
  world w;
  fixed_names names{"127.0.0.2", "127.0.0.1"};
  os::network net(w.io, w.clock, names, w.files);
  std::uint16_t unused = 0;
  {
    tcp::acceptor listener(w.io, {asio::ip::address_v4::loopback(), 0});
    unused = listener.local_endpoint().port();
  }
  CHECK(w.run(dial(w, net, unused)).ec == asio::error::connection_refused);
}

TEST_CASE("a dead first address does not eat the deadline", "[os]") {
  world w;
  fixed_names names{"127.0.0.2", "127.0.0.1"};
  os::network net(w.io, w.clock, names, w.files);
  tcp::acceptor listener(w.io, {asio::ip::address_v4::loopback(), 0});
  black_hole dead(w.io, "127.0.0.2", listener.local_endpoint().port());
  const auto a = w.run(dial(w, net, listener.local_endpoint().port()));
  CHECK_FALSE(a.ec);
  CHECK(a.took >= os::network::address_share);
  CHECK(a.took < 2 * os::network::address_share);
}

TEST_CASE("connecting is given up promptly", "[os]") {
  world w;
  fixed_names names{"127.0.0.2"};
  os::network net(w.io, w.clock, names, w.files);
  tcp::acceptor listener(w.io, {asio::ip::address_v4::loopback(), 0});
  black_hole dead(w.io, "127.0.0.2", listener.local_endpoint().port());
  const auto a = w.run(dial(w, net, listener.local_endpoint().port(), 200ms));
  CHECK(a.ec == boost::system::errc::timed_out);
  CHECK(a.took < 1s);
}

TEST_CASE("what cannot be listened on is an error", "[os]") {
  world w;
  for (const char* address : {"", "9011", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "name:80",
                              "[::1:80", "300.0.0.1:80"}) {
    INFO(address);
    CHECK(w.net.listen(address).error() == boost::system::errc::invalid_argument);
  }
  auto first = w.net.listen("127.0.0.1:0");
  REQUIRE(first.has_value());
  const auto again = w.net.listen("127.0.0.1:" + std::to_string((*first)->port()));
  CHECK(again.error() == asio::error::address_in_use);
}

rt::task<rt::accepted> accept_one(rt::listener& l) {
  auto a = co_await l.accept();
  REQUIRE(a.has_value());
  co_return std::move(*a);
}

TEST_CASE("[::] takes both families and tells who is local", "[os]") {
  world w;
  auto listener = w.net.listen("[::]:0");
  REQUIRE(listener.has_value());
  tcp::socket client(w.io);
  client.connect({asio::ip::address_v4::loopback(), (*listener)->port()});
  const auto a = w.run(accept_one(**listener));
  CHECK(a.loopback);
  CHECK(a.peer == "127.0.0.1:" + std::to_string(client.local_endpoint().port()));
}

rt::task<rt::error_code> accept_error(rt::listener& l) {
  auto a = co_await l.accept();
  co_return a ? rt::error_code() : a.error();
}

TEST_CASE("without descriptors accepting fails by name, and works again later", "[os]") {
  world w;
  auto listener = w.net.listen("127.0.0.1:0");
  REQUIRE(listener.has_value());
  tcp::socket client(w.io);
  client.connect({asio::ip::address_v4::loopback(), (*listener)->port()});
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 3;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto ec = w.run(accept_error(**listener));
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(ec == boost::system::errc::too_many_files_open);
  CHECK_FALSE(w.run(accept_error(**listener)));
}

}  // namespace
}  // namespace ebb::os
