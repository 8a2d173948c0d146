#include "config/syntax.hpp"

#include "config/utf8.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::config;

TEST_CASE("an address of a server is http or https with a host") {
  for (const char* fine : {"http://h", "https://h:9047", "HTTP://h", "http://base_url:9047", "http://h/",
                           "http://h:1/a/b", "http://[::1]:9010", "https://[fd00::1]", "http://10.0.0.1:65535"}) {
    INFO(fine);
    CHECK(url_fault(fine) == "");
  }
  for (const char* faulty : {"",
                             "h",
                             "h:9047",
                             "ftp://h",
                             "http:/h",
                             "http://",
                             "http://:80",
                             "http:///p",
                             "http://h:",
                             "http://h:0",
                             "http://h:65536",
                             "http://h:9x",
                             "http://h:000080",
                             "http://u@h",
                             "http://u:p@h",
                             "http://h?x",
                             "http://h#x",
                             "http://h h",
                             "http://h\n",
                             "http://[::1",
                             "http://[::1]x",
                             "http://[zz]",
                             "http://h\"",
                             "http://h\xc3\xb6st"}) {
    INFO(faulty);
    CHECK(url_fault(faulty) != "");
  }
}

TEST_CASE("an address to listen on is literal and has a port") {
  for (const char* fine : {"[::]:9011", "127.0.0.1:9012", "0.0.0.0:0", "[::1]:65535"}) {
    INFO(fine);
    CHECK(address_fault(fine) == "");
  }
  for (const char* faulty :
       {"", "9011", ":9011", "::1:9011", "localhost:9012", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "[127.0.0.1]:80", "[::]", "[::]9011", "[::", "300.0.0.1:80"}) {
    INFO(faulty);
    CHECK(address_fault(faulty) != "");
  }
  CHECK(is_loopback("127.0.0.1:1"));
  CHECK(is_loopback("127.9.9.9:1"));
  CHECK(is_loopback("[::1]:1"));
  CHECK_FALSE(is_loopback("0.0.0.0:1"));
  CHECK_FALSE(is_loopback("[::]:1"));
}

TEST_CASE("label matchers are read as Prometheus reads them") {
  for (const char* fine :
       {"", "a=\"b\"", " a = \"b\" , c!=\"d\"", "a=~\"x|y\",b!~\"z\",", "a=\"q\\\"uote\"", "_x1=\"\"", "a=\"},{\""}) {
    INFO(fine);
    CHECK(matchers_fault(fine) == "");
  }
  for (const char* faulty : {"{a=\"b\"}", "a", "a=", "a=b", "a='b'", "a=\"b", "a=\"b\\", "a=\"b\"c=\"d\"", "=\"b\"",
                             "1a=\"b\"", "a==\"b\"", ",", "a>\"b\""}) {
    INFO(faulty);
    CHECK(matchers_fault(faulty) != "");
  }
}

TEST_CASE("names of metrics are those of the text format") {
  CHECK(metric_fault("exec_fragments_active") == "");
  CHECK(metric_fault("a:b_1") == "");
  for (const char* faulty : {"", "1a", "a-b", "a b", "a{b}"}) CHECK(metric_fault(faulty) != "");
}

TEST_CASE("what is shown of a value stays on one line and has an end") {
  CHECK(shown("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(shown("a\nb\x7f") == "\"a\\x0ab\\x7f\"");
  CHECK(shown(std::string(1, '\0')) == "\"\\x00\"");
  CHECK(shown(std::string(500, 'x')).size() < 100);
  CHECK(shown("J\xc3\xbc") == "\"J\xc3\xbc\"");
  CHECK(shown("J\xfc") == "\"J\\xfc\"");
  CHECK(is_utf8(shown(std::string(79, 'x') + "\xe6\x97\xa5\xe6\x97\xa5")));
}
