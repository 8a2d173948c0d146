#include "proto/dremio/error_body.hpp"

#include <algorithm>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace ebb::dremio;

namespace {

std::string body(const std::string& name) { return ebb::test::golden("tests/unit/proto/data/" + name); }

}  // namespace

TEST_CASE("an error of Dremio is told from that of a proxy, and each gives one line") {
  struct row {
    std::string body;
    bool from_dremio;
    const char* text;
  };
  const row table[] = {
      {body("dremio/error-login.json"), true, "Login failed: Invalid username or password"},
      {body("dremio/error-404.json"), true, "HTTP 404 Not Found"},
      {body("dremio/error-500.json"), true, "Something went wrong. (UNAVAILABLE: master is down)"},
      {body("dremio/error-parse.txt"), false,
       "Unexpected character ('}' (code 125)): was expecting double-quote to start field name at [Source: "
       "(org.glassfish.jersey.message.internal.ReaderInterceptorExecutor$UnCloseableInputStream); line: 1,..."},
      {body("dremio/error-jetty.html"), false, "Error 404 Not Found"},
      {body("proxy-502.html"), false, "502 Bad Gateway"},
      {"", false, ""},
      {" \r\n", false, ""},
      {"\"MASTER_DOWN\"", false, "\"MASTER_DOWN\""},
      {"{\"message\":\"no route\"}", false, "{\"message\":\"no route\"}"},
      {"{\"errorMessage\":7}", false, "{\"errorMessage\":7}"},
      {"{\"errorMessage\":\"\"}", false, "{\"errorMessage\":\"\"}"},
      {"{\"errorMessage\":\"cut", false, "{\"errorMessage\":\"cut"},
      {"{\"errorMessage\":\"odd\",\"moreInfo\":{}}", true, "odd"},
      {"[{\"errorMessage\":\"x\"}]", false, "[{\"errorMessage\":\"x\"}]"},
      {"<html><body><h1>Nope</h1>\n<p>really <b>not</b></p>", false, "Nope really not"},
      {"<TITLE>Loud</TITLE>", false, "Loud"},
      {"<title></title><p>words</p>", false, "words"},
      {"<title>open", false, "open"},
      {"<a", false, ""},
      {"a\x1b[31mb\x7f\xff", false, "a [31mb ?"},
  };
  for (const row& one : table) {
    INFO(one.body);
    const error_body read = parse_error_body(one.body);
    CHECK(read.from_dremio == one.from_dremio);
    CHECK(read.text == one.text);
  }
}

TEST_CASE("an error is at most 200 bytes on one line, whatever the body") {
  for (const std::string& big :
       {"{\"errorMessage\":\"" + std::string(500'000, 'x') + "\\n\\n\"}", std::string(2'000'000, 'y'),
        "<title>" + std::string(500'000, 'z'), std::string(100'000, '<'), std::string(100'000, '{'),
        std::string(5000, '\x01'), std::string(5000, '\xff')}) {
    const error_body read = parse_error_body(big);
    CHECK(read.text.size() <= error_text_limit);
    CHECK(std::ranges::none_of(read.text, [](char c) { return static_cast<unsigned char>(c) < ' '; }));
  }
}
