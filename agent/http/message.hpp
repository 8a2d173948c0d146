#pragma once
// Requests and responses as plain values; Beast stays inside the .cpp files.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/rt/byte_stream.hpp"

namespace ebb::http {

using header_list = std::vector<std::pair<std::string, std::string>>;

// Whether two header names are the same: in any case.
bool same_name(std::string_view a, std::string_view b) noexcept;

// The value of the first header of that name (any case), or nothing.
std::optional<std::string_view> find_header(const header_list& headers, std::string_view name);

struct request {
  std::string method = "GET";
  std::string target = "/";  // path and query, already encoded
  header_list headers;       // Host, Content-Length, Connection, Transfer-Encoding and User-Agent are the client's
  std::string body;

  // Of the server's side only: who asks.
  std::string peer;
  bool from_loopback = false;

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

// Writes the body of a response piece by piece, as chunks. Errors: those of the connection.
class body_writer {
 public:
  virtual ~body_writer() = default;
  virtual rt::task<rt::result<void>> write(std::string piece) = 0;
};

struct response {
  unsigned status = 200;
  header_list headers;  // Content-Length, Connection, Transfer-Encoding and Date are the server's
  std::string body;
  // Of the client's side only: the body had neither a length nor chunks and ended with the connection, so that nobody
  // can tell whether it is complete.
  bool ended_by_close = false;
  // Of the server's side only: when set, the headers go out at once and this writes the body.
  std::function<rt::task<>(body_writer&)> stream;
};

// A response of text/plain.
response plain(unsigned status, std::string body);

}  // namespace ebb::http
