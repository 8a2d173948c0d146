#pragma once
// TLS sessions of the client's side: verified, at least TLS 1.2, CA files read again when they change.
#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>

#include "agent/os/stream.hpp"
#include "agent/rt/files.hpp"
#include "agent/rt/network.hpp"

namespace ebb::os {

// An error of category "tls" with that text, such as "CA file /x: no certificate in it". Equal texts are equal errors.
rt::error_code tls_error(const std::string& text);

class tls_client {
 public:
  explicit tls_client(rt::file_store& files) : files_(files) {}

  // Finishes the handshake over a connected socket. `host` is what the certificate has to be for: a name or an address.
  // Errors: tls_error, those of the connection.
  rt::task<rt::result<rt::byte_stream>> handshake(tcp_socket socket, std::string host, rt::tls_options options);

 private:
  struct cached {
    std::uint64_t version = 0;
    std::shared_ptr<rt::asio::ssl::context> context;
  };
  rt::result<std::shared_ptr<rt::asio::ssl::context>> context(const rt::tls_options& options);
  rt::result<std::string> ca_file(const std::string& configured);

  rt::file_store& files_;
  std::map<std::string, cached> contexts_;  // by CA file; "" does not verify
};

}  // namespace ebb::os
