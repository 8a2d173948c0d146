#include "proto/prometheus/promql.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace ebb::prometheus;
using namespace std::chrono_literals;

TEST_CASE("a label value cannot leave its quotes") {
  CHECK(quote("plain") == R"("plain")");
  CHECK(quote(R"(a"b\c)") == R"("a\"b\\c")");
  CHECK(quote("a\nb\tc") == R"("a\nb\x09c")");
  CHECK(quote("caf\u00e9") == "\"caf\u00e9\"");
  CHECK(quote("\xff\x7f") == R"("\xff\x7f")");
  CHECK(quote(R"("} or vector(0) or x{a=")") == R"("\"} or vector(0) or x{a=\"")");
}

TEST_CASE("matchers are exact and quoted") {
  const matcher both[] = {{"namespace", "analytics"}, {"pod", "a\"b"}};
  CHECK(exact_matchers(both) == R"(namespace="analytics",pod="a\"b")");
  CHECK(exact_matchers({}) == "");
}

TEST_CASE("a range selector names one metric, or any of several by an anchored pattern") {
  const std::vector<std::string> one = {"exec_fragments_active"};
  const std::vector<std::string> several = {"exec_fragments_active", "a.b"};
  CHECK(range_selector(one, R"(pod="x")", 30s) == R"(exec_fragments_active{pod="x"}[30s])");
  CHECK(range_selector(one, "", 90s) == "exec_fragments_active{}[90s]");
  CHECK(range_selector(several, R"(pod="x")", 30s) == R"({__name__=~"exec_fragments_active|a\\.b",pod="x"}[30s])");
  CHECK(range_selector(several, "", 30s) == R"({__name__=~"exec_fragments_active|a\\.b"}[30s])");
  CHECK(range_selector(one, "", 0s) == "exec_fragments_active{}[1s]");
}

TEST_CASE("a literal within a pattern matches itself alone") {
  CHECK(escape_regex(R"(a.b+c*d?e(f)g|h[i]j{k}l^m$n\o)") == R"(a\.b\+c\*d\?e\(f\)g\|h\[i\]j\{k\}l\^m\$n\\o)");
  CHECK(escape_regex("plain_name:x-1") == "plain_name:x-1");
}
