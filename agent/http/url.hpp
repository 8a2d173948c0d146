#pragma once
// http:// and https:// addresses as the configuration has them, and query strings.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/system/result.hpp>

namespace ebb::http {

// Scheme, host and port of a server, and the path in front of everything that is asked of it.
struct base_url {
  bool tls = false;
  std::string host;  // without brackets
  std::uint16_t port = 80;
  std::string prefix;  // "" or "/path" without a trailing slash

  std::string authority() const;  // "host:port", "[v6]:port"
  std::string text() const;
};

// Errors: invalid_argument (no http(s) scheme, no host, bad port, user info, query or fragment).
boost::system::result<base_url> parse_base_url(std::string_view text);

std::string percent_encode(std::string_view text);  // everything but unreserved characters
std::string percent_decode(std::string_view text);  // '+' is a blank; a bad escape stays as it is

// "a=1&b=2" decoded, in order.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

}  // namespace ebb::http
