#include "proto/prometheus/exposition_line.hpp"

#include <cmath>
#include <string>

#include "tests/support/catch.hpp"

using namespace ebb::prometheus;

namespace {

using labels = std::vector<label>;

struct accepted {
  std::string line;
  std::string name;
  double value;
  labels with = {};
  std::optional<std::int64_t> timestamp = std::nullopt;
};

// The union of what Prometheus' server 2.42 and 3.5 and expfmt accept.
const accepted good_lines[] = {
    {"a 1", "a", 1},
    {"a 1 ", "a", 1},
    {" a 1", "a", 1},
    {"\t a\t1\t", "a", 1},
    {"a 1\r", "a", 1},
    {"a 1 \t\r", "a", 1},
    {"a 1.0E9", "a", 1e9},
    {"a 1e-3", "a", 1e-3},
    {"a +1", "a", 1},
    {"a -1", "a", -1},
    {"a .5", "a", 0.5},
    {"a 5.", "a", 5},
    {"a Infinity", "a", HUGE_VAL},
    {"a +Inf", "a", HUGE_VAL},
    {"a -inf", "a", -HUGE_VAL},
    {"a 4.9E-324", "a", 4.9e-324},
    {"a 1 1395066363000", "a", 1, {}, 1395066363000},
    {"a 1 -3982045", "a", 1, {}, -3982045},
    {"a 1 +5 ", "a", 1, {}, 5},
    {"_a:b_9 1", "_a:b_9", 1},
    {":a 1", ":a", 1},
    {"a{} 1", "a", 1},
    {"a{ } 1", "a", 1},
    {"a {b=\"c\"} 1", "a", 1, {{"b", "c"}}},
    {"a{b=\"c\"}1", "a", 1, {{"b", "c"}}},
    {"a{b=\"c\",} 1", "a", 1, {{"b", "c"}}},
    {"a{ b = \"c\" , } 1", "a", 1, {{"b", "c"}}},
    {"a{\tb\t=\t\"c\"\t,d=\"e\"\t}\t1", "a", 1, {{"b", "c"}, {"d", "e"}}},
    {"a{z=\"1\",b=\"2\"} 1", "a", 1, {{"z", "1"}, {"b", "2"}}},
    {"a{b=\"\"} 1", "a", 1, {{"b", ""}}},
    {R"(a{b="\\\"\n"} 1)", "a", 1, {{"b", "\\\"\n"}}},
    {R"(a{b="c\td\e"} 1)", "a", 1, {{"b", "c\\td\\e"}}},
    {R"(a{b="} 5",c="{,="} 1)", "a", 1, {{"b", "} 5"}, {"c", "{,="}}},
    {"a{b=\"cr\rhere\"} 1", "a", 1, {{"b", "cr\rhere"}}},
    {"a{b=\"\xff\"} 1", "a", 1, {{"b", "\xff"}}},
    {R"({"my.name"} 1)", "my.name", 1},
    {R"({"my.name",k="v"} 1)", "my.name", 1, {{"k", "v"}}},
    {R"({ "my.name" , k = "v" , } 1 7)", "my.name", 1, {{"k", "v"}}, 7},
    {R"({k="v","my.name"} 1)", "my.name", 1, {{"k", "v"}}},
    {R"({"my.name","a.b"="v"} 1)", "my.name", 1, {{"a.b", "v"}}},
    {R"(a{"a.b"="v"} 1)", "a", 1, {{"a.b", "v"}}},
};

struct rejected {
  const char* line;
  const char* name;  // what could still be read of it
  const char* expected;
};

const rejected bad_lines[] = {
    {"a", "a", "a number"},
    {"a ", "a", "a number"},
    {"a{b=\"c\"}", "a", "a number"},
    {"a x", "a", "a number"},
    {"a 0x10", "a", "a number"},
    {"a 1_0", "a", "a number"},
    {"a 1,0", "a", "a number"},
    {"a 1e", "a", "a number"},
    {"a 1e400", "a", "a number"},
    {"a --1", "a", "a number"},
    {"a +-1", "a", "a number"},
    {"a +", "a", "a number"},
    {"a -nan", "a", "a number"},
    {"a nan(1)", "a", "a number"},
    {"a infinit", "a", "a number"},
    {"a+1", "a", "a number"},
    {"a.b 1", "a", "a number"},
    {"a-b 1", "a", "a number"},
    {"caf\xc3\xa9 1", "caf", "a number"},
    {"a 1 x", "a", "a timestamp in milliseconds or the end of the line"},
    {"a 1 1.5", "a", "a timestamp in milliseconds or the end of the line"},
    {"a 1 +-5", "a", "a timestamp in milliseconds or the end of the line"},
    {"a 1 99999999999999999999", "a", "a timestamp in milliseconds or the end of the line"},
    {"a 1 2 3", "a", "a timestamp in milliseconds or the end of the line"},
    {"a 1 # {id=\"x\"} 1", "a", "a timestamp in milliseconds or the end of the line"},
    {"1a 1", "", "the name of a metric"},
    {"\"a\" 1", "", "the name of a metric"},
    {"} 1", "", "the name of a metric"},
    {"{b=\"c\"} 1", "", "the name of a metric before '{' or first after it"},
    {"{} 1", "", "the name of a metric before '{' or first after it"},
    {"{\"\"} 1", "", "one name of a metric"},
    {"{\"a\",\"b\"} 1", "a", "one name of a metric"},
    {"a{\"b\"} 1", "a", "one name of a metric"},
    {"a{,} 1", "a", "a label name or '}'"},
    {"a{b=\"c\",,} 1", "a", "a label name or '}'"},
    {"a{1b=\"c\"} 1", "a", "a label name or '}'"},
    {"a{b:c=\"d\"} 1", "a", "'=' after the label name"},
    {"a{b} 1", "a", "'=' after the label name"},
    {"a{b=c} 1", "a", "a label value in quotes"},
    {"a{b='c'} 1", "a", "a label value in quotes"},
    {"a{b=\"c} 1", "a", "a label value in quotes"},
    {"a{b=\"c\\\"} 1", "a", "a label value in quotes"},
    {"a{b=\"c\\", "a", "a label value in quotes"},
    {"a{b=\"c\" d=\"e\"} 1", "a", "',' or '}' after the label"},
    {"a{b=\"c\"", "a", "',' or '}' after the label"},
    {"a{", "a", "a label name or '}'"},
    {"{\"fragments_act", "", "a label name or '}'"},
};

}  // namespace

TEST_CASE("a line that any parser in use accepts is accepted") {
  for (const accepted& row : good_lines) {
    INFO(row.line);
    const exposition_line line = parse_line(row.line);
    CHECK(line.kind == line_kind::sample);
    CHECK(std::string(line.sample.name) == row.name);
    CHECK(line.sample.value == row.value);
    CHECK(line.sample.timestamp == row.timestamp);
    CHECK(read_labels(line.sample.labels) == row.with);
  }
  for (const char* nan : {"a NaN", "a nan", "a NAN"}) CHECK(std::isnan(parse_line(nan).sample.value));
}

TEST_CASE("a line that no parser accepts is malformed, and keeps its name and what was expected") {
  for (const rejected& row : bad_lines) {
    INFO(row.line);
    const exposition_line line = parse_line(row.line);
    CHECK(line.kind == line_kind::malformed);
    CHECK(std::string(line.sample.name) == row.name);
    CHECK(std::string(line.expected) == row.expected);
  }
}

TEST_CASE("blank lines and every line that begins with # are passed over") {
  for (const char* blank : {"", " ", "\t", "\r", " \r"}) CHECK(parse_line(blank).kind == line_kind::blank);
  for (const char* comment : {"#", "# HELP a  ", "# TYPE a gauge", "# TYPE a nonsense", "#a 1", "  # EOF", "# \xff"}) {
    CHECK(parse_line(comment).kind == line_kind::comment);
  }
}

TEST_CASE("a sample cut at any byte shows no other label and no name that is not there") {
  const std::string whole = R"({"my.name",k="v\"w",l="x"} 12345 678)";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO("cut after " << length);
    const exposition_line line = parse_line(std::string_view(whole).substr(0, length));
    CHECK((line.sample.name.empty() || line.sample.name == "my.name"));
    const std::size_t value_begins = whole.find("12345");
    CHECK((line.kind == line_kind::sample) == (length > value_begins));
  }
}
