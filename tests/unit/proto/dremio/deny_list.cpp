#include "proto/dremio/deny_list.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace ebb::dremio;

namespace {

using entries = std::vector<std::string>;

std::string whole() { return ebb::test::golden("tests/unit/proto/data/dremio/deny-list.json"); }

}  // namespace

TEST_CASE("order, duplicates and entries of others survive reading and writing") {
  const auto list = parse_deny_list(whole());
  REQUIRE(list.has_value());
  CHECK(*list == entries{"localhost-1.c.dremio-1093.external",
                         "dremio-executor-3.dremio-cluster-pod.analytics.svc.cluster.local",
                         "localhost-1.c.dremio-1093.external", "an entry \"of\" somebody\\else"});
  CHECK(write_deny_list(*list) == whole());
}

TEST_CASE("any text can be an entry") {
  const entries odd = {"", " ", "caf\u00e9 \U0001F600", "a\nb\tc\x01", "[\"x\"]", std::string("a\0b", 3)};
  CHECK(parse_deny_list(write_deny_list(odd)).value() == odd);
  CHECK(parse_deny_list(R"(["\u00e9\ud83d\ude00"])").value() == entries{"\u00e9\U0001F600"});
}

TEST_CASE("an empty list is a list") {
  CHECK(parse_deny_list("[]").value().empty());
  CHECK(parse_deny_list(" [ ] \n").value().empty());
  CHECK(write_deny_list({}) == "[]");
}

TEST_CASE("what could not be written back unchanged is an error that names the place") {
  struct row {
    std::string body;
    const char* what;
  };
  const row table[] = {
      {"", "deny list: the body is empty, expected JSON"},
      {"null", "deny list: the document is null, expected an array of strings"},
      {"{}", "deny list: the document is an object, expected an array of strings"},
      {"\"a\"", "deny list: the document is \"a\", expected an array of strings"},
      {"[\"a\",17]", "deny list: [1] is 17, expected a string"},
      {"[\"a\",null]", "deny list: [1] is null, expected a string"},
      {"[[\"a\"]]", "deny list: [0] is an array, expected a string"},
      {"[true]", "deny list: [0] is true, expected a string"},
  };
  for (const row& one : table) {
    INFO(one.body);
    const auto list = parse_deny_list(one.body);
    REQUIRE(list.has_error());
    CHECK(list.error().what == one.what);
  }
  for (const char* broken :
       {"[\"a\"", "[\"a\",]", "[\"a\"] x", "[\"a\"][]", "['a']", "[\"\xff\"]", "[\"\\ud800\"]", "<html>"}) {
    INFO(broken);
    CHECK_THAT(parse_deny_list(broken).error().what, ContainsSubstring("is no JSON"));
  }
}

TEST_CASE("asking an error for its value throws the error's text") {
  CHECK_THROWS_WITH(parse_deny_list("{}").value(),
                    "deny list: the document is an object, expected an array of strings");
}

TEST_CASE("a list beyond its bounds is an error") {
  CHECK_THAT(parse_deny_list(std::string(deny_list_body_limit + 1, ' ')).error().what,
             ContainsSubstring("expected at most 8388608"));
  CHECK(parse_deny_list("[\"" + std::string(deny_list_entry_limit, 'x') + "\"]").has_value());
  CHECK(parse_deny_list("[\"" + std::string(deny_list_entry_limit + 1, 'x') + "\"]").error().what ==
        "deny list: [0] has 4097 bytes, expected at most 4096");
  entries many(deny_list_entries_limit, "x");
  CHECK(parse_deny_list(write_deny_list(many)).value().size() == deny_list_entries_limit);
  many.emplace_back("x");
  CHECK(parse_deny_list(write_deny_list(many)).error().what ==
        "deny list: the list has 100001 entries or more, expected at most 100000");
  CHECK(parse_deny_list(std::string(100'000, '[')).has_error());
}

TEST_CASE("a list cut at any byte is an error, never a shorter list") {
  const std::string list = whole();
  for (std::size_t length = 0; length < list.size(); ++length) {
    INFO("cut after " << length);
    CHECK(parse_deny_list(std::string_view(list).substr(0, length)).has_error());
  }
}
