#include "proto/prometheus/number.hpp"

#include <cmath>
#include <limits>

#include "tests/support/catch.hpp"

using namespace ebb::prometheus;

TEST_CASE("numbers are read as Go reads them, less hexadecimal and underscores") {
  CHECK(parse_number("3") == 3);
  CHECK(parse_number("-0.5") == -0.5);
  CHECK(parse_number("+1") == 1);
  CHECK(parse_number("1e+21") == 1e21);
  CHECK(parse_number("1.7976931348623157E308") == std::numeric_limits<double>::max());
  CHECK(parse_number("INF") == HUGE_VAL);
  CHECK(parse_number("+Infinity") == HUGE_VAL);
  CHECK(parse_number("-inf") == -HUGE_VAL);
  CHECK(std::isnan(parse_number("nAn").value()));
  for (const char* bad :
       {"",    "+",   "-",    ".",    "e5",     "1e", "0x10", "1_0",   " 1",     "1 ",     "1\n", "--1",
        "+-1", "++1", "-nan", "+nan", "nan(x)", "na", "inff", "1e400", "-1e400", "1e-400", "1,5", "one"}) {
    INFO(bad);
    CHECK_FALSE(parse_number(bad));
  }
}

TEST_CASE("numbers are written as the shortest text that reads back as the same") {
  CHECK(format_number(0) == "0");
  CHECK(format_number(-0.0) == "-0");
  CHECK(format_number(1234) == "1234");
  CHECK(format_number(0.1) == "0.1");
  CHECK(format_number(1795517535.123) == "1795517535.123");
  CHECK(format_number(HUGE_VAL) == "+Inf");
  CHECK(format_number(-HUGE_VAL) == "-Inf");
  CHECK(format_number(std::nan("")) == "NaN");
  for (double value : {std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest(),
                       std::numeric_limits<double>::denorm_min(), 1.0 / 3, 1e21, 9007199254740993.0}) {
    CHECK(parse_number(format_number(value)) == value);
  }
}
