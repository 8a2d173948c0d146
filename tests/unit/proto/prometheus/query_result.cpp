#include "proto/prometheus/query_result.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace ebb::prometheus;

namespace {

std::string body(const std::string& name) { return ebb::test::golden("tests/unit/proto/data/" + name); }

milliseconds_since_epoch at(std::int64_t ms) { return milliseconds_since_epoch(std::chrono::milliseconds(ms)); }

std::string matrix_of(const std::string& result) {
  return R"({"status":"success","data":{"resultType":"matrix","result":)" + result + "}}";
}

}  // namespace

TEST_CASE("a range selector gives the samples with their own times") {
  const auto read = parse_query_result(body("prometheus/range.json"));
  REQUIRE(read.has_value());
  CHECK(read->type == result_type::matrix);
  REQUIRE(read->series.size() == 1);
  const series& one = read->series[0];
  CHECK(one.label("__name__") == "exec_fragments_active");
  CHECK(one.label("pod") == "dremio-executor-3");
  CHECK(one.label("none") == "");
  REQUIRE(one.points.size() == 6);
  CHECK(one.points.front().at == at(1795517535123));
  CHECK(one.points.front().value == 7);
  CHECK(one.points.back().at == at(1795517585123));
  CHECK(one.points.back().value == 0);
}

TEST_CASE("every result of a recorded server is read") {
  struct row {
    const char* file;
    result_type type;
    std::size_t series;
    std::size_t points;
  };
  const row table[] = {
      {"prometheus/range.json", result_type::matrix, 1, 6},
      {"prometheus/range-several.json", result_type::matrix, 2, 7},
      {"prometheus/vector-special.json", result_type::vector, 6, 6},
      {"prometheus/vector-empty.json", result_type::vector, 0, 0},
      {"prometheus/scalar.json", result_type::scalar, 1, 1},
      {"prometheus/string.json", result_type::string, 0, 0},
      {"prometheus/warnings-and-histograms.json", result_type::matrix, 1, 1},
  };
  for (const row& one : table) {
    INFO(one.file);
    const auto read = parse_query_result(body(one.file));
    REQUIRE(read.has_value());
    CHECK(read->type == one.type);
    CHECK(read->series.size() == one.series);
    std::size_t points = 0;
    for (const series& each : read->series) points += each.points.size();
    CHECK(points == one.points);
  }
}

TEST_CASE("values that are no numbers come as they are") {
  const auto read = parse_query_result(body("prometheus/vector-special.json"));
  REQUIRE(read.has_value());
  CHECK(std::isnan(read->series[0].points[0].value));
  CHECK(read->series[1].points[0].value == HUGE_VAL);
  CHECK(read->series[2].points[0].value == -HUGE_VAL);
  CHECK(read->series[3].points[0].value == 1e21);
  CHECK(read->series[4].points[0].value == 0.1);
  CHECK(std::signbit(read->series[5].points[0].value));
}

TEST_CASE("strings, warnings, infos and skipped histograms are told") {
  CHECK(parse_query_result(body("prometheus/string.json"))->text == "text");
  const auto read = parse_query_result(body("prometheus/warnings-and-histograms.json"));
  REQUIRE(read.has_value());
  CHECK(read->histograms == 2);
  REQUIRE(read->warnings.size() == 1);
  CHECK(read->warnings[0] == R"(partial response: store "10.0.0.7:10901" did not answer)");
  CHECK(read->infos.size() == 1);
  const auto instant = parse_query_result(
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"2","sum":"3"}]}]}})");
  REQUIRE(instant.has_value());
  CHECK(instant->histograms == 1);
  CHECK(instant->series.empty());
}

TEST_CASE("notes are bounded in number and length") {
  std::string notes;
  for (int i = 0; i < 50; ++i) notes += (i == 0 ? "\"" : ",\"") + std::string(1000, 'w') + "\"";
  const auto read = parse_query_result(R"({"status":"success","warnings":[)" + notes +
                                       R"(,7],"data":{"resultType":"vector","result":[]}})");
  REQUIRE(read.has_value());
  CHECK(read->warnings.size() == notes_limit);
  CHECK(read->warnings[0].size() == note_length_limit);
}

TEST_CASE("errors of the server keep their type") {
  struct row {
    const char* file;
    const char* type;
    const char* part;
  };
  const row table[] = {
      {"prometheus/error-bad-data.json", "bad_data", "unexpected end of input inside braces"},
      {"prometheus/error-execution.json", "execution", "found duplicate series"},
      {"prometheus/error-timeout.json", "timeout", "query timed out in query queue"},
      {"proxy-502.html", "not_prometheus", "is no JSON"},
  };
  for (const row& one : table) {
    INFO(one.file);
    const auto read = parse_query_result(body(one.file));
    REQUIRE(read.has_error());
    CHECK(read.error().type == one.type);
    CHECK_THAT(read.error().what, ContainsSubstring(one.part));
    CHECK(read.error().what.find('\n') == std::string::npos);
    CHECK(read.error().what.size() <= 300);
    CHECK_THROWS_AS(read.value(), std::runtime_error);
  }
}

TEST_CASE("what is no answer of Prometheus is an error that names the place") {
  struct row {
    std::string body;
    const char* what;
  };
  const row table[] = {
      {"", "query result: the body is empty, expected JSON"},
      {"[]", "query result: the document is an array, expected an object"},
      {"{}", "query result: status is missing or empty, expected a string"},
      {R"({"status":"maybe"})", "query result: status is neither success nor error"},
      {R"({"status":7})", "query result: status is 7, expected a string"},
      {R"({"status":"error"})", "query result: errorType is missing or empty, expected a string"},
      {R"({"status":"success"})", "query result: data is missing, expected an object"},
      {R"({"status":"success","data":[]})", "query result: data is an array, expected an object"},
      {R"({"status":"success","data":{}})", "query result: data.resultType is missing or empty, expected a string"},
      {R"({"status":"success","data":{"resultType":"vector","result":null}})",
       "query result: data.result is missing, expected an array"},
      {R"({"status":"success","data":{"resultType":"vector","result":{}}})",
       "query result: data.result is an object, expected an array"},
      {R"({"status":"success","data":{"resultType":"tensor","result":[]}})",
       "query result: data.resultType is \"tensor\", expected vector, matrix, scalar or string"},
      {R"({"status":"success","data":{"resultType":"scalar","result":[1]}})",
       "query result: data.result is an array, expected [seconds, \"value\"]"},
      {R"({"status":"success","data":{"resultType":"string","result":"x"}})",
       "query result: data.result is \"x\", expected [seconds, \"value\"]"},
      {matrix_of("[7]"), "query result: data.result[0] is 7, expected an object"},
      {matrix_of("[{}]"), "query result: data.result[0] has no value, expected \"value\", \"values\" or \"histogram\""},
      {matrix_of(R"([{"metric":[],"values":[[1,"1"]]}])"),
       "query result: data.result[0].metric is an array, expected an object"},
      {matrix_of(R"([{"metric":{"a":1},"values":[[1,"1"]]}])"),
       "query result: data.result[0].metric is 1, expected strings as values"},
      {matrix_of(R"([{"values":{}}])"), "query result: data.result[0].values is an object, expected an array"},
      {matrix_of(R"([{"value":[1,"1"]},{"value":[1,"x"]}])"),
       "query result: data.result[1].value has the value \"x\", expected a number"},
      {matrix_of(R"([{"values":[[1,"1"],["1","1"]]}])"),
       "query result: data.result[0].values is an array, expected [seconds, \"value\"]"},
      {matrix_of(R"([{"values":[[1e300,"1"]]}])"),
       "query result: data.result[0].values is an array, expected [seconds, \"value\"]"},
      {matrix_of(R"([{"values":[[1,1]]}])"),
       "query result: data.result[0].values is an array, expected [seconds, \"value\"]"},
  };
  for (const row& one : table) {
    INFO(one.body);
    const auto read = parse_query_result(one.body);
    REQUIRE(read.has_error());
    CHECK(read.error().type == "not_prometheus");
    CHECK(read.error().what == one.what);
  }
}

TEST_CASE("an answer beyond its bounds is an error") {
  CHECK_THAT(parse_query_result(std::string(query_body_limit + 1, ' ')).error().what,
             ContainsSubstring("expected at most 8388608"));
  std::string many = R"([{"value":[1,"1"]})";
  for (std::size_t i = 0; i < series_limit; ++i) many += R"(,{"value":[1,"1"]})";
  CHECK(parse_query_result(matrix_of(many + "]")).error().what ==
        "query result: data.result has more than 10000 series");
  CHECK(parse_query_result(std::string(100'000, '[')).has_error());
}

TEST_CASE("an answer cut at any byte is an error, never fewer samples") {
  for (const char* file : {"prometheus/range.json", "prometheus/warnings-and-histograms.json", "prometheus/scalar.json",
                           "prometheus/error-timeout.json"}) {
    const std::string whole = body(file);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO(file << " cut after " << length);
      const auto read = parse_query_result(std::string_view(whole).substr(0, length));
      REQUIRE(read.has_error());
      CHECK(read.error().type == "not_prometheus");
    }
  }
}
