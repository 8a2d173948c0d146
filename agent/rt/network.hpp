#pragma once
// The network as a seam: connect and listen, nothing else.
#include <cstdint>
#include <memory>
#include <string>

#include "agent/rt/byte_stream.hpp"

namespace ebb::rt {

// How a TLS peer is verified. Part of the destination, re-read when the file changes.
struct tls_options {
  bool enabled = false;
  bool verify = true;
  std::string ca_file;  // empty: SSL_CERT_FILE, else the bundle where the distributions keep it
};

struct destination {
  destination(std::string h, std::uint16_t p, tls_options t = {}) : host(std::move(h)), port(p), tls(std::move(t)) {}
  std::string host;  // name or literal address, without brackets
  std::uint16_t port;
  tls_options tls;
};

struct accepted {
  byte_stream stream;
  std::string peer;       // "10.0.0.7:41234", for the log
  bool loopback = false;  // the peer's address is a loopback one
};

class listener {
 public:
  virtual ~listener() = default;
  // The next connection. Errors: no descriptors left and the like; the caller pauses and goes on.
  virtual task<result<accepted>> accept() = 0;
  virtual std::uint16_t port() const = 0;
};

class network {
 public:
  virtual ~network() = default;
  // Resolves, connects to the addresses in turn and, where asked for, finishes the TLS handshake. Has no time-out of
  // its own but is promptly cancellable: call it inside within().
  virtual task<result<byte_stream>> connect(destination to) = 0;
  // `address` is "host:port", "[v6]:port"; "[::]" takes both families, or 0.0.0.0 where there is no IPv6.
  virtual result<std::unique_ptr<listener>> listen(std::string address) = 0;
};

}  // namespace ebb::rt
