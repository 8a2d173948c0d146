#include "config/duration.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::config;
using namespace std::chrono_literals;

TEST_CASE("durations are whole numbers with their unit") {
  struct row {
    const char* text;
    duration value;
  };
  for (const auto& [text, value] :
       {row{"500ms", 500ms}, row{"10s", 10s}, row{"1m30s", 90s}, row{"1h", 1h}, row{"0s", 0s},
        row{"1h2m3s4ms", 3'723'004ms}, row{"007s", 7s}, row{"8784h", longest}}) {
    INFO(text);
    const auto parsed = parse_duration(text);
    CHECK(parsed.fault == duration_fault::none);
    CHECK(parsed.value == value);
  }
}

TEST_CASE("what is not a duration says why") {
  struct row {
    const char* text;
    duration_fault fault;
  };
  using f = duration_fault;
  for (const auto& [text, fault] : {row{"", f::empty},
                                    row{"10", f::no_unit},
                                    row{"0", f::no_unit},
                                    row{"1m30", f::no_unit},
                                    row{"10 s", f::malformed},
                                    row{"s", f::malformed},
                                    row{"-1s", f::malformed},
                                    row{"+1s", f::malformed},
                                    row{" 1s", f::malformed},
                                    row{"1.5s", f::fraction},
                                    row{"1d", f::unknown_unit},
                                    row{"1S", f::unknown_unit},
                                    row{"1sec", f::unknown_unit},
                                    row{"1s1m", f::order},
                                    row{"1s1s", f::order},
                                    row{"1\xc2\xb5s", f::malformed},
                                    row{"8785h", f::too_long},
                                    row{"9223372036854775807ms", f::too_long},
                                    row{"99999999999999999999999h", f::too_long},
                                    row{"8784h1ms", f::too_long}}) {
    INFO(text);
    CHECK(parse_duration(text).fault == fault);
    CHECK(parse_duration(text).value == 0s);
  }
}

TEST_CASE("a printed duration reads as the same duration") {
  struct row {
    duration value;
    const char* text;
  };
  for (const auto& [value, text] :
       {row{0s, "0s"}, row{1ms, "1ms"}, row{1500ms, "1500ms"}, row{60s, "60s"}, row{600s, "600s"}, row{90s, "90s"},
        row{1h, "1h"}, row{90min, "5400s"}, row{longest, "8784h"}}) {
    CHECK(format_duration(value) == text);
    CHECK(parse_duration(text).value == value);
  }
}
