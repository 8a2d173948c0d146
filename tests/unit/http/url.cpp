#include "agent/http/url.hpp"

#include "agent/http/date.hpp"
#include "agent/http/message.hpp"
#include "tests/support/catch.hpp"

namespace ebb::http {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a server's address has a scheme, a host, a port and a path in front", "[http]") {
  struct row {
    const char* text;
    bool tls;
    const char* host;
    int port;
    const char* prefix;
    const char* again;
  };
  const row rows[] = {
      {"http://dremio", false, "dremio", 80, "", "http://dremio:80"},
      {"https://dremio/", true, "dremio", 443, "", "https://dremio:443"},
      {"HTTP://Dremio:9047/a/b//", false, "Dremio", 9047, "/a/b", "http://Dremio:9047/a/b"},
      {"http://10.0.0.7:1", false, "10.0.0.7", 1, "", "http://10.0.0.7:1"},
      {"https://[fd00::1]:8443/x", true, "fd00::1", 8443, "/x", "https://[fd00::1]:8443/x"},
      {"http://[fe80::1%eth0]", false, "fe80::1%eth0", 80, "", "http://[fe80::1%eth0]:80"},
      {"http://a_b.ns.svc.cluster.local:65535", false, "a_b.ns.svc.cluster.local", 65535, "",
       "http://a_b.ns.svc.cluster.local:65535"},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const auto url = parse_base_url(r.text);
    REQUIRE(url.has_value());
    CHECK(url->tls == r.tls);
    CHECK(url->host == r.host);
    CHECK(url->port == r.port);
    CHECK(url->prefix == r.prefix);
    CHECK(url->text() == r.again);
  }
}

TEST_CASE("what is no address of a server is refused", "[http]") {
  for (const char* text : {"",
                           "dremio",
                           "dremio:9047",
                           "ftp://dremio",
                           "http:/dremio",
                           "http://",
                           "http://:80",
                           "http://a:",
                           "http://a:0",
                           "http://a:65536",
                           "http://a:8o",
                           "http://a:-1",
                           "http://user@a",
                           "http://user:pass@a",
                           "http://a?x=1",
                           "http://a/b?x=1",
                           "http://a/b#c",
                           "http://a b",
                           "http://a/b c",
                           "http://a/b\r\nX: y",
                           "http://[fd00::1",
                           "http://[]",
                           "http://[fd00::1]x",
                           "http://fd00::1",
                           "http://a\\b",
                           "tcp://10.0.0.1:9011"}) {
    INFO(text);
    CHECK_FALSE(parse_base_url(text).has_value());
  }
  CHECK_FALSE(parse_base_url("http://" + std::string(300, 'a')).has_value());
}

TEST_CASE("percent encoding keeps what is unreserved and comes back whole", "[http]") {
  CHECK(percent_encode("a-b_c.d~9") == "a-b_c.d~9");
  CHECK(percent_encode("x{pod=\"a\"}") == "x%7Bpod%3D%22a%22%7D");
  CHECK(percent_encode("ü +") == "%C3%BC%20%2B");
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  CHECK(percent_decode(percent_encode(all)) == all);
}

TEST_CASE("decoding leaves bad escapes as they are", "[http]") {
  CHECK(percent_decode("a+b%20c") == "a b c");
  CHECK(percent_decode("%") == "%");
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("%zz%41") == "%zzA");
}

TEST_CASE("a query is its pairs in order", "[http]") {
  using pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(parse_query("") == pairs{});
  CHECK(parse_query("verbose") == pairs{{"verbose", ""}});
  CHECK(parse_query("a=1&b=x%26y&&a=2&c==") == pairs{{"a", "1"}, {"b", "x&y"}, {"a", "2"}, {"c", "="}});
}

TEST_CASE("header names are compared in any case, the first one counts", "[http]") {
  const header_list h = {{"Retry-After", "1"}, {"retry-after", "2"}};
  CHECK(find_header(h, "RETRY-AFTER") == "1");
  CHECK_FALSE(find_header(h, "Retry"));
}

TEST_CASE("dates are written and read in the preferred form", "[http]") {
  const rt::wall_time at(784'111'777s);
  CHECK(format_date(at + 999ms) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(parse_date("Sun, 06 Nov 1994 08:49:37 GMT") == at);
  CHECK(parse_date(format_date(rt::wall_time(951'782'400s))) == rt::wall_time(951'782'400s));  // 29 February
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    INFO(text);
    CHECK_FALSE(parse_date(text));
  }
}

}  // namespace
}  // namespace ebb::http
