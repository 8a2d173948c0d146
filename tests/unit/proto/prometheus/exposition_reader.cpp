#include "proto/prometheus/exposition_reader.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace ebb::prometheus;

namespace {

const std::vector<std::string> wanted = {"busy", "other.name"};

gauge_reading find(std::string_view page, last_line last = last_line::may_lack_newline) {
  return find_gauges(page, wanted, last)[0];
}

}  // namespace

TEST_CASE("lesson_08_impossible_gauge_values_are_unknown") {
  struct row {
    const char* page;
    std::optional<double> value;
    const char* doubt;
  };
  const row table[] = {
      {"busy 3\n", 3.0, ""},
      {"busy 0\n", 0.0, ""},
      {"busy -0.0\n", 0.0, ""},
      {"busy 0.5\n", 0.5, ""},
      {"busy{a=\"1\"} 1\nbusy{a=\"2\"} 2\n", 3.0, ""},
      {"busy 1\nother 5\nbusy{a=\"2\"} 2\n", 3.0, ""},
      {"", std::nullopt, "absent"},
      {"busy_1 0\nxbusy 0\nbusy:sum 0\n# busy 0\n", std::nullopt, "absent"},
      {"busy NaN\n", std::nullopt, "not a number"},
      {"busy{a=\"1\"} 1\nbusy{a=\"2\"} NaN\n", std::nullopt, "not a number"},
      {"busy +Inf\n", std::nullopt, "infinite"},
      {"busy{a=\"1\"} +Inf\nbusy{a=\"2\"} -Inf\n", std::nullopt, "not a number"},
      {"busy -1\n", std::nullopt, "negative"},
      {"busy{a=\"1\"} 1\nbusy{a=\"2\"} -1\n", std::nullopt, "negative"},
      {"busy 1.7e308\nbusy{a=\"2\"} 1.7e308\n", std::nullopt, "infinite"},
  };
  for (const row& one : table) {
    INFO(one.page);
    CHECK(find(one.page).value() == one.value);
    CHECK(find(one.page).doubt() == one.doubt);
  }
}

TEST_CASE("a bad line of another name does no harm, a bad line of the wanted name makes it unknown") {
  const gauge_reading fine = find("bad bad bad\nbusy 0\n{\"other\" 1\nbusyness x\n\xff\n");
  CHECK(fine.value() == 0);
  const gauge_reading spoilt = find("busy 0\nbusy{a=\"1\"} x\n");
  CHECK_FALSE(spoilt.value());
  CHECK(spoilt.doubt() == "line 2: \"x\", expected a number");
  CHECK_FALSE(find("busy.x 0\n").value());
  CHECK(find("busy").doubt() == "line 1: the end of the line, expected a number");
}

TEST_CASE("the first fault of a gauge is the one that is told") {
  CHECK(find("busy x\nbusy y\n").doubt() == "line 1: \"x\", expected a number");
}

TEST_CASE("a line in braces whose name cannot be read could be of any gauge") {
  CHECK_FALSE(find("busy 0\n{\"bus").value());
  CHECK_FALSE(find("busy 0\n{a=\"b\"} 1\n").value());
}

TEST_CASE("names in quotes are found, also when they are written with escapes") {
  const std::vector<std::string> names = {"my.name", "a\"b", "a\\tb"};
  const auto gauges = find_gauges("{\"my.name\"} 1\n {\"my.name\",k=\"v\"} 2\n{\"a\\\"b\"} 4\n{\"a\\tb\"} 5\n", names);
  CHECK(gauges[0].value() == 3);
  CHECK(gauges[1].value() == 4);
  CHECK(gauges[2].value() == 5);
}

TEST_CASE("a series given twice counts once when both agree, and is a contradiction when they do not") {
  CHECK(find("busy 2\nbusy{a=\"b\"} 1\nbusy 2\nbusy 2\n").value() == 3);
  CHECK(find("busy 0\nbusy 2\n").doubt() == "a series given twice with different values: {}");
  CHECK(find("busy{a=\"b\"} 0\nbusy 1\nbusy{a=\"b\"} 2\n").doubt() ==
        "a series given twice with different values: {a=\"b\"}");
  CHECK(find("busy NaN\nbusy NaN\n").doubt() == "not a number");
}

TEST_CASE("a last line without a line feed is accepted unless the page must end with one") {
  CHECK(find("busy 7").value() == 7);
  const gauge_reading cut = find("busy 7\nother 1", last_line::must_end);
  CHECK_FALSE(cut.value());
  CHECK_THAT(cut.doubt(), ContainsSubstring("ends inside a line"));
  CHECK(find("busy 7\n", last_line::must_end).value() == 7);
  CHECK(find("", last_line::must_end).doubt() == "absent");
}

TEST_CASE("a page or a family beyond its bound is a fault") {
  std::string page(page_limit, '\n');
  CHECK(find(page).doubt() == "absent");
  page += '\n';
  CHECK_THAT(find(page).doubt(), ContainsSubstring("expected at most 8388608"));
  std::string samples;
  for (std::size_t i = 0; i < samples_limit; ++i) samples += "busy{a=\"" + std::to_string(i) + "\"} 1\n";
  CHECK(find(samples).value() == static_cast<double>(samples_limit));
  CHECK(find(samples + "busy 1\n").doubt() == "more than 10000 samples");
}

TEST_CASE("duplicate families, TYPE after samples and any order are accepted") {
  CHECK(find("busy 1\n# TYPE busy gauge\n# HELP busy again\n# TYPE busy counter\nbusy{a=\"b\"} 1\n").value() == 2);
}

TEST_CASE("no names, and a name that is empty, find nothing") {
  CHECK(find_gauges("busy 1\n", {}).empty());
  const std::vector<std::string> empty = {""};
  CHECK(find_gauges("busy 1\n 1\n", empty)[0].doubt() == "absent");
}

TEST_CASE("a strict reading hands over every sample and stops at the first bad line of any name") {
  std::string names;
  const auto take = [&](const sample& one) { names += std::string(one.name) + " "; };
  CHECK(for_each_sample("# HELP a b\na 1\n\nb{c=\"d\"} 2\n", take).has_value());
  CHECK(names == "a b ");
  const auto bad = for_each_sample("a 1\nb\nc 3\n", take);
  REQUIRE(bad.has_error());
  CHECK(bad.error().what == "exposition: line 2: the end of the line, expected a number");
  CHECK(names == "a b a ");
  CHECK(for_each_sample("a 1", take, last_line::must_end).has_error());
}

TEST_CASE("a small page cut at any byte never shows a number that is not there") {
  const std::string page = "# HELP busy b\nbusy{a=\"1\"} 12\nbusy{a=\"2\"} 30\nother 7\n";
  for (std::size_t length = 0; length < page.size(); ++length) {
    INFO("cut after " << length);
    const std::optional<double> value = find(std::string_view(page).substr(0, length), last_line::must_end).value();
    // After a whole line the cut cannot be seen: what is reported is what the lines say.
    const bool visible = length > 0 && page[length - 1] != '\n';
    CHECK((value == std::nullopt || (!visible && (value == 12 || value == 42))));
  }
}
