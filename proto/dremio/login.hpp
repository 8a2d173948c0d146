#pragma once
// POST /apiv2/login: user and password (or a personal access token as the password) against a token.
// The path is /apiv2/login in every release from 21.2 to 26.0.5; there is no /api/v3/login.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proto/iso_time.hpp"
#include "proto/parse_error.hpp"

namespace ebb::dremio {

inline constexpr std::size_t login_body_limit = 256 * 1024;
inline constexpr std::size_t token_limit = 16 * 1024;

struct login_request {
  std::string_view user;
  std::string_view password;
};

// {"userName":"…","password":"…"}, of Content-Type application/json.
std::string write_login(const login_request& request);

struct login_reply {
  std::string token;  // opaque; printable ASCII without blanks, so that it is fit for a header
  std::optional<proto::milliseconds_since_epoch> expires;  // on the coordinator's clock
  std::string cluster_id;                                  // "" when missing, as all that follows
  std::string version;
  std::optional<bool> admin;
  std::optional<bool> can_manage_node_activity;  // permissions.canManageNodeActivity: may probably write the deny list
};

// Errors never quote a value: every one could be the token.
proto::result<login_reply> parse_login_reply(std::string_view body);

// Whether `token` may stand in an Authorization header.
bool is_token(std::string_view token);

}  // namespace ebb::dremio
