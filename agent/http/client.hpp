#pragma once
// HTTP/1.1 to one server: keep-alive, TLS, limits, no redirects.
#include <memory>

#include "agent/http/message.hpp"
#include "agent/http/url.hpp"
#include "agent/rt/deadline.hpp"
#include "agent/rt/network.hpp"

namespace ebb::http {

struct client_limits {
  std::size_t header = 64 * 1024;
  std::size_t body = 8 * 1024 * 1024;
  rt::duration idle = std::chrono::seconds(25);  // an idle connection older than this is not used again (Jetty: 30 s)
};

struct connection;

// A response whose body is read while it comes. Destroying it closes its connection.
class body_reader {
 public:
  explicit body_reader(std::unique_ptr<connection> c);
  ~body_reader();
  body_reader(const body_reader&) = delete;
  body_reader& operator=(const body_reader&) = delete;

  unsigned status() const;
  const header_list& headers() const;

  // The next piece, at most 32 KiB; empty when the body has ended in order. Errors: timed_out, those of the connection,
  // partial_message when it ended within the body. After an error there is no next piece.
  rt::task<rt::result<std::string>> next(rt::deadline dl);

 private:
  static rt::task<rt::result<std::string>> read_piece(connection& c);
  std::unique_ptr<connection> connection_;
};

class client {
 public:
  client(rt::network& net, base_url to, rt::tls_options tls, client_limits limits = {});
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  // One exchange, at most until `dl`. A kept connection that the server had closed before any byte of the answer came
  // is replaced once, at no cost to the caller, for GET, HEAD, PUT and DELETE, and for a POST when nothing of it was
  // sent. Redirects are returned as they are. After any error or time-out the connection is discarded. A second
  // exchange while one is under way gets a connection of its own, which is not kept.
  // Errors: timed_out, those of connect (host_not_found, connection_refused, TLS), of the connection
  // (eof, connection_reset), of the parser (body_limit, header_limit, bad_…); names in beast's http category.
  rt::task<rt::result<response>> exchange(request req, rt::deadline dl);

  // Sends a request over a connection of its own and returns when the head of the answer has come, at most until `dl`.
  // Errors: those of exchange().
  rt::task<rt::result<std::unique_ptr<body_reader>>> open(request req, rt::deadline dl);

  void discard();  // closes the kept connection, e.g. after the CA file has changed

 private:
  struct impl;
  std::shared_ptr<impl> impl_;  // an exchange under way keeps it
};

}  // namespace ebb::http
