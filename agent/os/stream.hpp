#pragma once
// Byte streams over a socket and over a TLS session.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "agent/rt/byte_stream.hpp"

namespace ebb::os {

// With the loop's own executor type, which is cheaper than the type-erased one.
using tcp_socket = rt::asio::basic_stream_socket<rt::asio::ip::tcp, rt::asio::io_context::executor_type>;

rt::byte_stream make_stream(tcp_socket socket);

// Nothing has arrived on the socket, and it is open.
bool is_quiet(tcp_socket& socket);

}  // namespace ebb::os
