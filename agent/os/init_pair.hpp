#pragma once
// The agent's end of the pair to init: a SOCK_SEQPACKET descriptor, one record a packet.
#include <boost/asio/basic_seq_packet_socket.hpp>
#include <boost/asio/generic/seq_packet_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include "agent/os/descriptor.hpp"
#include "agent/rt/supervisor.hpp"

namespace ebb::os {

// Where init puts it.
inline constexpr int pair_descriptor = 3;

class init_pair final : public rt::supervisor {
 public:
  // Throws system_error when `end` is no such socket.
  init_pair(rt::asio::io_context& io, descriptor end);

  rt::task<rt::result<pair::record>> receive() override;
  rt::result<void> send(const pair::record& r) override;

 private:
  using protocol = rt::asio::generic::seq_packet_protocol;
  rt::asio::basic_seq_packet_socket<protocol, rt::asio::io_context::executor_type> socket_;
};

}  // namespace ebb::os
