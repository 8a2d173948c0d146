#pragma once
// One connection of the client and what travels over it: a request out, a response in.
#include "agent/http/client.hpp"
#include "agent/http/parser.hpp"
#include "agent/http/read_buffer.hpp"

namespace ebb::http {

struct connection {
  connection(rt::byte_stream s, const client_limits& limits);

  rt::byte_stream stream;
  read_buffer in;
  response_parser parser;
  rt::time_point used{};
};

// What became of one attempt, whatever its result.
struct progress {
  bool sent = false;      // a byte of the request has gone out
  bool answered = false;  // a byte of the answer has come in
  bool reusable = false;
};

// How much of a response is waited for.
enum class extent { head, whole };

// Sends a rendered request and reads the answer into c.parser; interim ones ("100 Continue") are left out. Errors:
// those of the connection (eof when it ends before the answer) and of the parser.
rt::task<rt::result<void>> attempt(connection& c, std::string_view bytes, bool without_body, extent wanted,
                                   progress& p);

// Parses what is buffered. Errors: those of the parser.
rt::result<void> parse(connection& c);

// Waits for more bytes, or for the connection's end, which may be the end of the response. Errors: of the connection.
rt::task<rt::result<void>> read_more(connection& c);

// The peer has closed the connection, or it broke.
bool has_gone(const rt::error_code& ec);

}  // namespace ebb::http
