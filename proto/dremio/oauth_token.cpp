#include "proto/dremio/oauth_token.hpp"

#include <algorithm>

#include "proto/dremio/login.hpp"
#include "proto/json.hpp"

namespace ebb::dremio {
namespace {

constexpr proto::json_source source{"oauth reply", oauth_body_limit, proto::citing::nothing};
constexpr std::int64_t longest_life = 10LL * 366 * 24 * 3600;  // seconds; keeps sums of times in range

// Everything but unreserved characters, as RFC 3986 has them: secrets contain '+', '/' and '='.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 0xf]);
    }
  }
  return encoded;
}

}  // namespace

std::string write_client_credentials(const client_credentials& credentials) {
  return "grant_type=client_credentials&client_id=" + percent_encoded(credentials.id) +
         "&client_secret=" + percent_encoded(credentials.secret) + "&scope=dremio.all";
}

proto::result<oauth_reply> parse_oauth_reply(std::string_view body) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return document.error();
  proto::json_fields fields(source, "", document->root());
  oauth_reply reply;
  reply.token = fields.required_string("access_token");
  const std::optional<std::int64_t> life = fields.integer("expires_in");
  if (life && *life > 0) reply.expires_in = std::chrono::seconds(std::min(*life, longest_life));
  if (!is_token(reply.token)) {
    fields.fail("access_token", "is not fit for a header, expected printable ASCII without blanks");
  }
  if (fields.error()) return *fields.error();
  return reply;
}

}  // namespace ebb::dremio
