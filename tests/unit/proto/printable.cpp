#include "proto/printable.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::proto;

TEST_CASE("foreign bytes become one line of valid UTF-8 that moves no cursor") {
  CHECK(printable("plain") == "plain");
  CHECK(printable("  two \r\n\t words\x1b[31m \x7f ") == "two words [31m");
  CHECK(printable(std::string_view("a\0b", 3)) == "a b");
  CHECK(printable("caf\u00e9 \u4e2d \U0001F600") == "caf\u00e9 \u4e2d \U0001F600");
  CHECK(printable("a\u0085b\u2028c\u2029d") == "a b c d");
  CHECK(printable("a\xff\xc3") == "a??");
  CHECK(printable("\xed\xa0\x80") == "???");       // a surrogate
  CHECK(printable("\xc0\xaf") == "??");            // overlong
  CHECK(printable("\xe0\x80\xaf") == "???");       // overlong
  CHECK(printable("\xf0\x80\x80\xaf") == "????");  // overlong
  CHECK(printable("\xf4\x90\x80\x80") == "????");  // beyond U+10FFFF
  CHECK(printable("\xf5\x80\x80\x80") == "????");
  CHECK(printable("") == "");
  CHECK(printable(" \n") == "");
}

TEST_CASE("what is too long is cut between characters and says so") {
  CHECK(printable("0123456789", 10) == "0123456789");
  CHECK(printable("0123456789a", 10) == "0123456...");
  CHECK(printable("012345\u00e9\u00e9\u00e9", 10) == "012345...");
  CHECK(printable("\u4e2d\u4e2d\u4e2d\u4e2d", 10) == "\u4e2d\u4e2d...");
  CHECK(printable("0123456789", 2) == "..");
  CHECK(printable("0123456789", 0) == "");
  for (std::size_t limit = 0; limit < 40; ++limit) {
    CHECK(printable("\U0001F600\u4e2d caf\u00e9 \xff\n\n and then some more words", limit).size() <= limit);
  }
}

TEST_CASE("an excerpt for an error is quoted and at most 60 bytes") {
  CHECK(quoted_excerpt("a\nb") == "\"a b\"");
  CHECK(quoted_excerpt(std::string(1000, 'x')).size() == 62);
}

TEST_CASE("a text is made well-formed byte by byte, and nothing else of it changes") {
  CHECK(well_formed("caf\u00e9\n\t\U0001F600") == "caf\u00e9\n\t\U0001F600");
  CHECK(well_formed("a\xff\xc3") == "a\uFFFD\uFFFD");
  CHECK(well_formed("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(well_formed("").empty());
}
