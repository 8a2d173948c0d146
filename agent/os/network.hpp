#pragma once
// TCP and TLS.
#include "agent/os/tls.hpp"
#include "agent/rt/clock.hpp"
#include "agent/rt/files.hpp"
#include "agent/rt/network.hpp"
#include "agent/rt/resolver.hpp"

namespace ebb::os {

class network final : public rt::network {
 public:
  // An address that does not answer is left after this long when there is another one to try.
  static constexpr rt::duration address_share = std::chrono::milliseconds(1200);

  network(rt::asio::io_context& io, rt::clock_source& clock, rt::resolver& names, rt::file_store& files)
      : io_(io), clock_(clock), names_(names), tls_(files) {}

  rt::task<rt::result<rt::byte_stream>> connect(rt::destination to) override;

  // Literal addresses and "localhost" only. Errors: invalid_argument, those of bind.
  rt::result<std::unique_ptr<rt::listener>> listen(std::string address) override;

 private:
  rt::task<rt::result<tcp_socket>> dial(std::string host, std::uint16_t port);

  rt::asio::io_context& io_;
  rt::clock_source& clock_;
  rt::resolver& names_;
  tls_client tls_;
};

}  // namespace ebb::os
