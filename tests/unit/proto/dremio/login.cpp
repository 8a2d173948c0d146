#include "proto/dremio/login.hpp"

#include <string>

#include "proto/dremio/oauth_token.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace ebb::dremio;

namespace {

std::string body(const std::string& name) { return ebb::test::golden("tests/unit/proto/data/dremio/" + name); }

const std::string secret = "s3cr3t-s3cr3t";

}  // namespace

TEST_CASE("the login's body carries any user and password") {
  CHECK(write_login({"scaler", "pass"}) == R"({"userName":"scaler","password":"pass"})");
  CHECK(write_login({"a\"b", "c\\d\ne\u00e9"}) == "{\"userName\":\"a\\\"b\",\"password\":\"c\\\\d\\ne\u00e9\"}");
}

TEST_CASE("a login's reply gives token, expiry and what the account may do") {
  const auto reply = parse_login_reply(body("login.json"));
  REQUIRE(reply.has_value());
  CHECK(reply->token == "t0pf5r1uq3o4v8lmb2k7cne9da");
  CHECK(reply->expires == ebb::proto::milliseconds_since_epoch(std::chrono::milliseconds(1795625595000)));
  CHECK(reply->cluster_id == "9e2f6c2e-1a7d-4b0f-8f1e-0c9f1f7f3c55");
  CHECK(reply->version == "24.3.2");
  CHECK(reply->admin == true);
  CHECK(reply->can_manage_node_activity == true);
}

TEST_CASE("a login's reply needs nothing but the token") {
  for (const char* sparse : {R"({"token":"abc"})", R"({"token":"abc","expires":null,"permissions":null,"admin":null})",
                             R"({"token":"abc","permissions":{}})"}) {
    INFO(sparse);
    const auto reply = parse_login_reply(sparse);
    REQUIRE(reply.has_value());
    CHECK(reply->token == "abc");
    CHECK_FALSE(reply->expires);
    CHECK(reply->cluster_id == "");
    CHECK_FALSE(reply->admin);
    CHECK_FALSE(reply->can_manage_node_activity);
  }
  CHECK(parse_login_reply(R"({"token":"a","permissions":{"canManageNodeActivity":false}})")->can_manage_node_activity ==
        false);
}

TEST_CASE("what is no login's reply is an error that names the place") {
  struct row {
    std::string body;
    const char* what;
  };
  const row table[] = {
      {"", "login reply: the body is empty, expected JSON"},
      {"[]", "login reply: the document is an array, expected an object"},
      {"{}", "login reply: token is missing or empty, expected a string"},
      {R"({"token":""})", "login reply: token is missing or empty, expected a string"},
      {R"({"token":7})", "login reply: token is another type, expected a string"},
      {R"({"token":"a","expires":"soon"})", "login reply: expires is a string, expected a whole number"},
      {R"({"token":"a","expires":1.5})", "login reply: expires is another type, expected a whole number"},
      {R"({"token":"a","permissions":7})", "login reply: permissions is another type, expected an object"},
      {R"({"token":"a","permissions":{"canManageNodeActivity":"yes"}})",
       "login reply: permissions.canManageNodeActivity is a string, expected true or false"},
      {R"({"token":"a b"})", "login reply: token is not fit for a header, expected printable ASCII without blanks"},
      {R"({"token":"a\r\nX: y"})",
       "login reply: token is not fit for a header, expected printable ASCII without blanks"},
      {R"({"token":"é"})", "login reply: token is not fit for a header, expected printable ASCII without blanks"},
      {R"({"token":")" + std::string(token_limit + 1, 'x') + "\"}",
       "login reply: token is not fit for a header, expected printable ASCII without blanks"},
  };
  for (const row& one : table) {
    INFO(one.body.substr(0, 100));
    const auto reply = parse_login_reply(one.body);
    REQUIRE(reply.has_error());
    CHECK(reply.error().what == one.what);
  }
  CHECK(parse_login_reply(std::string(login_body_limit + 1, ' ')).has_error());
}

TEST_CASE("an OAuth request carries its credentials percent-encoded in the body") {
  CHECK(write_client_credentials({"id", "a+b/c=d&e f%"}) ==
        "grant_type=client_credentials&client_id=id&client_secret=a%2Bb%2Fc%3Dd%26e%20f%25&scope=dremio.all");
  CHECK(write_client_credentials({"i-d._~Z9", "\xc3\xa9\n"}) ==
        "grant_type=client_credentials&client_id=i-d._~Z9&client_secret=%C3%A9%0A&scope=dremio.all");
}

TEST_CASE("an OAuth reply gives the token and how long it lives") {
  const auto reply = parse_oauth_reply(body("oauth.json"));
  REQUIRE(reply.has_value());
  CHECK(reply->token == "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJlYmIifQ.c2lnbmF0dXJl");
  CHECK(reply->expires_in == std::chrono::seconds(3599));
  CHECK_FALSE(parse_oauth_reply(R"({"access_token":"a"})")->expires_in);
  CHECK_FALSE(parse_oauth_reply(R"({"access_token":"a","expires_in":0})")->expires_in);
  CHECK_FALSE(parse_oauth_reply(R"({"access_token":"a","expires_in":-5})")->expires_in);
  CHECK(parse_oauth_reply(R"({"access_token":"a","expires_in":9223372036854775807})")->expires_in <
        std::chrono::hours(24 * 3661));
}

TEST_CASE("what is no OAuth reply is an error that names the place") {
  CHECK(parse_oauth_reply("").error().what == "oauth reply: the body is empty, expected JSON");
  CHECK(parse_oauth_reply(R"({"token":"a"})").error().what ==
        "oauth reply: access_token is missing or empty, expected a string");
  CHECK(parse_oauth_reply(R"({"access_token":"a","expires_in":"3599"})").error().what ==
        "oauth reply: expires_in is a string, expected a whole number");
  CHECK(parse_oauth_reply(R"({"access_token":"a\tb"})").error().what ==
        "oauth reply: access_token is not fit for a header, expected printable ASCII without blanks");
}

TEST_CASE("no error of a reply that holds a token quotes any of it") {
  for (const std::string& text : {
           "{\"token\":\"" + secret + " \"}",
           "{\"access_token\":\"" + secret + " \"}",
           "{\"token\":\"" + secret + "\"",
           "\"" + secret + "\"",
           secret,
           "{\"token\":[\"" + secret + "\"]}",
           "{\"token\":\"a\",\"access_token\":\"a\",\"expires\":\"" + secret + "\",\"expires_in\":\"" + secret + "\"}",
           "{\"token\":\"a\",\"permissions\":\"" + secret + "\",\"access_token\":{\"" + secret + "\":1}}",
       }) {
    INFO(text);
    const auto login = parse_login_reply(text);
    const auto oauth = parse_oauth_reply(text);
    REQUIRE(login.has_error());
    REQUIRE(oauth.has_error());
    CHECK(login.error().what.find("s3cr3t") == std::string::npos);
    CHECK(oauth.error().what.find("s3cr3t") == std::string::npos);
  }
}

TEST_CASE("a reply cut at any byte gives no token") {
  const std::string login = body("login.json");
  for (std::size_t i = 0; i < login.size(); ++i)
    CHECK(parse_login_reply(std::string_view(login).substr(0, i)).has_error());
  const std::string oauth = body("oauth.json");
  for (std::size_t i = 0; i < oauth.size(); ++i)
    CHECK(parse_oauth_reply(std::string_view(oauth).substr(0, i)).has_error());
}
