#include "agent/os/network.hpp"

#include <netinet/tcp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "agent/rt/within.hpp"

namespace ebb::os {

namespace asio = rt::asio;
using asio::ip::tcp;

namespace {

using acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

asio::ip::address unmapped(const asio::ip::address& a) {
  if (a.is_v6() && a.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6());
  return a;
}

std::string text(const tcp::endpoint& e) {
  const auto address = e.address().to_string();
  return (e.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(e.port());
}

class tcp_listener final : public rt::listener {
 public:
  explicit tcp_listener(acceptor a, std::uint16_t port) : acceptor_(std::move(a)), port_(port) {}

  rt::task<rt::result<rt::accepted>> accept() override {
    tcp_socket socket(acceptor_.get_executor());
    tcp::endpoint peer;
    auto [ec] = co_await acceptor_.async_accept(socket, peer, as_tuple);
    if (ec) co_return ec;
    rt::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    peer.address(unmapped(peer.address()));
    rt::accepted a;
    a.peer = text(peer);
    a.loopback = peer.address().is_loopback();
    a.stream = make_stream(std::move(socket));
    co_return a;
  }
  std::uint16_t port() const override { return port_; }

 private:
  acceptor acceptor_;
  std::uint16_t port_;
};

rt::result<tcp::endpoint> parse_endpoint(std::string_view address) {
  const auto invalid = make_error_code(boost::system::errc::invalid_argument);
  const auto colon = address.rfind(':');
  if (colon == address.npos) return invalid;
  auto host = address.substr(0, colon);
  const auto digits = address.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, bad_port] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (bad_port != std::errc() || end != digits.data() + digits.size()) return invalid;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  rt::error_code ec;
  const auto ip = host == "localhost" ? asio::ip::address_v4::loopback() : asio::ip::make_address(host, ec);
  if (ec) return invalid;
  return tcp::endpoint(ip, port);
}

rt::result<std::unique_ptr<rt::listener>> open_listener(asio::io_context& io, const tcp::endpoint& at) {
  acceptor a(io);
  rt::error_code ec;
  a.open(at.protocol(), ec);
  if (!ec) a.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec && at.address().is_v6()) a.set_option(asio::ip::v6_only(!at.address().is_unspecified()), ec);
  if (!ec) a.bind(at, ec);
  if (!ec) a.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return ec;
  const auto port = a.local_endpoint(ec).port();
  return std::unique_ptr<rt::listener>(std::make_unique<tcp_listener>(std::move(a), port));
}

bool lacks_ipv6(const rt::error_code& ec) {
  return ec == asio::error::address_family_not_supported || ec == boost::system::errc::address_not_available ||
         ec == boost::system::errc::protocol_not_supported;
}

// A peer that is gone without a word is noticed within about a minute, also on a connection that only listens: the
// watches of the Kubernetes API.
void notice_dead_peer(tcp_socket& socket) {
  const auto set = [&socket](int level, int option, int value) {
    (void)::setsockopt(socket.native_handle(), level, option, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 30);  // seconds
  set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30'000);  // milliseconds
}

rt::task<rt::result<void>> connect_to(tcp_socket& socket, tcp::endpoint to) {
  auto [ec] = co_await socket.async_connect(to, as_tuple);
  if (ec) co_return ec;
  co_return rt::result<void>();
}

}  // namespace

rt::task<rt::result<tcp_socket>> network::dial(std::string host, std::uint16_t port) {
  auto addresses = co_await names_.resolve(host);
  if (!addresses) co_return addresses.error();
  rt::error_code last = asio::error::host_not_found;
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    tcp_socket socket(io_);
    auto limit = rt::deadline::never(clock_);
    if (i + 1 < addresses->size()) limit = limit.sooner(address_share);
    auto attempt = connect_to(socket, tcp::endpoint((*addresses)[i], port));
    auto connected = co_await rt::within(limit, std::move(attempt));
    if (connected) {
      rt::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      notice_dead_peer(socket);
      co_return socket;
    }
    last = connected.error();
  }
  co_return last;
}

rt::task<rt::result<rt::byte_stream>> network::connect(rt::destination to) {
  auto socket = co_await dial(to.host, to.port);
  if (!socket) co_return socket.error();
  if (!to.tls.enabled) co_return make_stream(std::move(*socket));
  co_return co_await tls_.handshake(std::move(*socket), to.host, to.tls);
}

rt::result<std::unique_ptr<rt::listener>> network::listen(std::string address) {
  const auto at = parse_endpoint(address);
  if (!at) return at.error();
  auto opened = open_listener(io_, *at);
  if (!opened && at->address().is_v6() && at->address().is_unspecified() && lacks_ipv6(opened.error()))
    return open_listener(io_, tcp::endpoint(asio::ip::address_v4::any(), at->port()));
  return opened;
}

}  // namespace ebb::os
