#include "tests/support/catch.hpp"
#include "tools/lab/java_options.hpp"
#include "tools/lab/span_text.hpp"

using namespace ebb::lab;

TEST_CASE("durations and ranges are read as people write them") {
  const auto is = [](const char* text, duration least, duration most) {
    const auto s = parse_span(text);
    return s && s->least == least && s->most == most;
  };
  CHECK(is("200ms", 200ms, 200ms));
  CHECK(is("1.5s", 1500ms, 1500ms));
  CHECK(is("3", 3s, 3s));
  CHECK(is("2m", 2min, 2min));
  CHECK(is("1s-3s", 1s, 3s));
  for (const char* text : {"", "s", "-1s", "3s-1s", "5d", "1s-", "nan", "inf", "1e9h", "2ms "}) {
    INFO(text);
    CHECK_FALSE(parse_span(text));
  }
}

TEST_CASE("of a repeated Java property the last one counts, and names are matched whole") {
  const char* options = "-Xmx2g -Dservices.web-admin.port=9010 -Dservices.web-admin.port=9099 -Dx=";
  CHECK(java_property(options, "services.web-admin.port") == "9099");
  CHECK(java_property(options, "x") == "");
  CHECK_FALSE(java_property(options, "services.web-admin"));
  CHECK_FALSE(java_property(options, "Xmx2g"));
}
