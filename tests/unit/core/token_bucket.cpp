#include "agent/core/token_bucket.hpp"

#include "tests/support/catch.hpp"

namespace ebb::core {
namespace {

constexpr time_point noon{12h};

// How many retries are granted when one is asked for every 100 ms.
int granted(token_bucket& b, time_point from, duration span) {
  int n = 0;
  for (auto t = from; t < from + span; t += 100ms) n += b.take(t) ? 1 : 0;
  return n;
}

TEST_CASE("a full bucket grants its burst and then the floor alone") {
  token_bucket b(10, 0.1);
  CHECK(granted(b, noon, 1s) == 10);
  CHECK(granted(b, noon + 1s, 60s) == 12);
}

TEST_CASE("the floor never grants two retries within five seconds") {
  token_bucket b(0, 0);
  CHECK(b.take(noon));
  CHECK_FALSE(b.take(noon + 4999ms));
  CHECK(b.free_at() == noon + 5s);
  CHECK(b.take(noon + 5s));
}

TEST_CASE("ten successes pay for one retry at a ratio of 0.1") {
  token_bucket b(10, 0.1);
  (void)granted(b, noon, 1s);
  for (int i = 0; i < 9; ++i) b.success();
  CHECK_FALSE(b.take(noon + 1s));
  b.success();
  CHECK(b.take(noon + 1s));
  CHECK_FALSE(b.take(noon + 1s));
}

TEST_CASE("successes never fill the bucket beyond its burst") {
  token_bucket b(2, 0.5);
  for (int i = 0; i < 100; ++i) b.success();
  CHECK(b.tokens() == 2);
}

TEST_CASE("refusals are counted") {
  token_bucket b(1, 0);
  CHECK(b.take(noon));
  CHECK_FALSE(b.take(noon));
  CHECK_FALSE(b.take(noon));
  CHECK(b.refused() == 2);
}

TEST_CASE("a smaller burst takes effect at once, a larger one gives nothing away") {
  token_bucket b(10, 0.1);
  b.configure(3, 0.1);
  CHECK(b.tokens() == 3);
  b.configure(10, 0.1);
  CHECK(b.tokens() == 3);
}

TEST_CASE("with every second call failing the load stays at 1 + ratio, plus the floor") {
  token_bucket b(10, 0.1);
  int sent = 0;
  for (int call = 0; call < 600; ++call) {  // ten calls a second for a minute
    const auto now = noon + call * 100ms;
    ++sent;
    if (call % 2 == 0)
      b.success();
    else if (b.take(now))
      ++sent;
  }
  CHECK(sent <= 600 + 30 + 12 + 10);  // calls, ratio of the successes, floor, burst
  CHECK(sent >= 600 + 30);
}

}  // namespace
}  // namespace ebb::core
