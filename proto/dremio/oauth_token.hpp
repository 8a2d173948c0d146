#pragma once
// POST /oauth/token, of Content-Type application/x-www-form-urlencoded: a service user's credentials against a token
// (Dremio Enterprise, generally from 26.0).
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proto/parse_error.hpp"

namespace ebb::dremio {

inline constexpr std::size_t oauth_body_limit = 256 * 1024;

struct client_credentials {
  std::string_view id;
  std::string_view secret;
};

// The credentials go into the body: HTTP Basic was broken before 26.1.3.
std::string write_client_credentials(const client_credentials& credentials);

struct oauth_reply {
  std::string token;
  std::optional<std::chrono::seconds>
      expires_in;  // from now; absent when the server does not say or says less than 1 s
};

// Errors never quote a value: every one could be the token.
proto::result<oauth_reply> parse_oauth_reply(std::string_view body);

}  // namespace ebb::dremio
