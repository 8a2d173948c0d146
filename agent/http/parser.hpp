#pragma once
// One HTTP/1.1 message after another out of bytes as they arrive: Beast's grammar, with bounds of our own on what
// Beast does not count (the sum of all headers, the target, the number of fields).
//
// put() takes what it can of `bytes` and says how much; done() then tells whether the message is complete. What is left
// belongs to the next message. Errors: those of beast's http category. After an error only restart() is allowed.
#include <memory>
#include <string_view>

#include "agent/http/message.hpp"

namespace ebb::http {

class request_parser {
 public:
  struct limits {
    std::size_t header, target, body;
  };
  explicit request_parser(limits bounds);
  ~request_parser();

  void restart();
  std::size_t put(std::string_view bytes, rt::error_code& ec);
  bool done() const;
  bool http11() const;
  bool keep_alive() const;
  bool wants_continue() const;  // the head is complete, the body is not, and the client waits for "100 Continue"
  unsigned refusal() const;     // after an error: the status that tells the client
  request& message();           // target without scheme and authority

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

class response_parser {
 public:
  response_parser(std::size_t header_limit, std::size_t body_limit);
  ~response_parser();

  void restart(bool without_body);  // without_body: the answer to a HEAD
  std::size_t put(std::string_view bytes, rt::error_code& ec);
  void put_eof(rt::error_code& ec);  // the connection has ended: partial_message, or the body ended with it
  bool begun() const;                // a byte of the message has come
  bool has_head() const;             // status and headers are complete
  bool done() const;
  bool keep_alive() const;
  response& message();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace ebb::http
