#include "agent/os/stream.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace ebb::os {

namespace {

class tcp_stream final : public rt::stream_impl {
 public:
  explicit tcp_stream(tcp_socket s) : socket_(std::move(s)) {}

  void read_some(rt::asio::mutable_buffer into, handler h) override { socket_.async_read_some(into, std::move(h)); }
  void write_some(rt::asio::const_buffer from, handler h) override { socket_.async_write_some(from, std::move(h)); }
  void close() override {
    rt::error_code ignored;
    socket_.close(ignored);
  }
  bool quiet() override { return is_quiet(socket_); }

 private:
  tcp_socket socket_;
};

}  // namespace

rt::byte_stream make_stream(tcp_socket socket) {
  auto ex = socket.get_executor();
  return rt::byte_stream(ex, std::make_unique<tcp_stream>(std::move(socket)));
}

bool is_quiet(tcp_socket& socket) {
  char byte;
  const auto n = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace ebb::os
