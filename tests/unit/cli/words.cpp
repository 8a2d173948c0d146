#include "agent/cli/words.hpp"

#include "tests/support/catch.hpp"

using namespace ebb;
using namespace std::chrono_literals;

TEST_CASE("a span has two units at most and is rounded down") {
  struct row {
    core::duration d;
    std::string text;
  };
  const auto table = std::vector<row>{
      {-1s, "0 s"},    {0s, "0 s"},           {999us, "0 s"}, {840ms, "0.8 s"},     {9'999ms, "9.9 s"},
      {10s, "10 s"},   {59'999ms, "59 s"},    {60s, "1 min"}, {252s, "4 min 12 s"}, {3'599s, "59 min 59 s"},
      {3'600s, "1 h"}, {7'380s, "2 h 3 min"}, {24h, "1 d"},   {100h, "4 d 4 h"}};
  for (const auto& r : table) CHECK(cli::span_text(r.d) == r.text);
}

TEST_CASE("one is singular, all else is plural") {
  CHECK(cli::counted(0, "request") == "0 requests");
  CHECK(cli::counted(1, "request") == "1 request");
  CHECK(cli::counted(2, "retry", "retries") == "2 retries");
  CHECK(cli::counted(1, "retry", "retries") == "1 retry");
}
