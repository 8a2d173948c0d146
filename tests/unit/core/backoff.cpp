#include "agent/core/backoff.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace ebb::core {
namespace {

constexpr double nearly_one = 1 - 0x1.0p-53;

TEST_CASE("the ceiling of the pauses doubles from 100 ms to 5 s") {
  backoff b;
  std::vector<duration> ceilings;
  for (int i = 0; i < 8; ++i) ceilings.push_back(std::chrono::round<std::chrono::milliseconds>(b.next(nearly_one)));
  CHECK(ceilings == std::vector<duration>{100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5s, 5s});
}

TEST_CASE("the jitter is full: a pause may be nothing at all") {
  backoff b;
  CHECK(b.next(0) == 0ms);
  CHECK(b.next(0.5) == 100ms);
}

TEST_CASE("a server's wish is a least pause, not the pause") {
  backoff b;
  CHECK(b.next(0, 3s) == 3s);
  for (int i = 0; i < 10; ++i) (void)b.next(0);
  CHECK(b.next(0.9, 3s) == 4500ms);
}

TEST_CASE("a server cannot wish for an hour") { CHECK(backoff().next(0, 1h) == backoff::longest_wish); }

TEST_CASE("a success starts over") {
  backoff b;
  for (int i = 0; i < 10; ++i) (void)b.next(0);
  b.reset();
  CHECK(b.next(0.5) == 50ms);
}

TEST_CASE("a million failures overflow nothing") {
  backoff b;
  for (int i = 0; i < 1'000'000; ++i) (void)b.next(nearly_one);
  CHECK(b.next(0.5) == 2500ms);
}

}  // namespace
}  // namespace ebb::core
