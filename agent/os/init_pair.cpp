#include "agent/os/init_pair.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>

namespace ebb::os {

namespace asio = rt::asio;

namespace {

rt::error_code last_error() { return {errno, boost::system::system_category()}; }

void require_seqpacket(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0)
    throw boost::system::system_error(last_error(), "the pair to init");
  if (type != SOCK_SEQPACKET)
    throw boost::system::system_error(make_error_code(boost::system::errc::wrong_protocol_type), "the pair to init");
}

}  // namespace

init_pair::init_pair(asio::io_context& io, descriptor end) : socket_(io) {
  require_seqpacket(end.get());
  socket_.assign(protocol(AF_UNIX, 0), end.release());
}

rt::task<rt::result<pair::record>> init_pair::receive() {
  // One byte more than a record, so that a longer packet does not pass for one.
  std::array<std::byte, pair::record_size + 1> packet;
  asio::socket_base::message_flags flags = 0;
  auto [ec, n] = co_await socket_.async_receive(asio::buffer(packet), flags, asio::as_tuple(asio::use_awaitable));
  if (ec) co_return ec;
  if (n == 0) co_return rt::error_code(asio::error::eof);
  co_return pair::decode({packet.data(), n});
}

rt::result<void> init_pair::send(const pair::record& r) {
  pair::packet packet;
  pair::encode(r, packet);
  for (;;) {
    if (::send(socket_.native_handle(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return {};
    if (errno != EINTR) return last_error();
  }
}

}  // namespace ebb::os
