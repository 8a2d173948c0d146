// Replies that hold tokens: a token is fit for a header, an error holds none of it.
#include "proto/dremio/login.hpp"
#include "proto/dremio/oauth_token.hpp"
#include "tests/fuzz/property.hpp"

using ebb::fuzz::require;

namespace {

template <class Reply>
void check(const Reply& reply) {
  if (reply.has_error()) {
    require(ebb::fuzz::is_one_line(reply.error().what), "an error is one line");
  } else {
    require(ebb::dremio::is_token(reply->token) && ebb::fuzz::is_one_line(reply->token), "a token is fit for a header");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = ebb::fuzz::text(data, size);
  check(ebb::dremio::parse_login_reply(body));
  check(ebb::dremio::parse_oauth_reply(body));
  for (const char c : ebb::dremio::write_client_credentials({body, body})) {
    require(c > ' ' && c < 0x7f, "a form is printable");
  }
  return 0;
}
