#include "config/utf8.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::config;

TEST_CASE("well-formed UTF-8 is told from all else") {
  for (const char* fine : {"", "abc", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xe6\x97\xa5z"}) {
    INFO(fine);
    CHECK(is_utf8(fine));
  }
  for (const char* malformed :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe6\x97",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "abc\xe6\x97"}) {
    INFO(malformed);
    CHECK_FALSE(is_utf8(malformed));
  }
}

TEST_CASE("a text is cut between characters") {
  CHECK(utf8_prefix("abc", 3) == "abc");
  CHECK(utf8_prefix("abc", 2) == "ab");
  CHECK(utf8_prefix("a\xe6\x97\xa5", 3) == "a");
  CHECK(utf8_prefix("a\xe6\x97\xa5z", 4) == "a\xe6\x97\xa5");
  CHECK(utf8_prefix("\xe6\x97\xa5", 0).empty());
}
