#include "agent/rt/retrying.hpp"

#include "tests/unit/rt/fixture.hpp"

namespace ebb::rt {
namespace {

const error_code refused = asio::error::connection_refused;

// Fails so many times, each after 100 ms, then gives the number of the attempt.
class flaky {
 public:
  flaky(clock_source& c, int failures, error_code ec = refused) : clock_(c), failures_(failures), ec_(ec) {}
  task<result<int>> attempt() {
    co_await clock_.sleep_for(100ms);
    if (++attempts <= failures_) co_return ec_;
    co_return attempts;
  }
  int attempts = 0;

 private:
  clock_source& clock_;
  int failures_;
  error_code ec_;
};

struct outcome {
  result<int> value = 0;
};

task<> persist(fixture& f, core::token_bucket& bucket, deadline dl, flaky& what, duration wish, outcome& into) {
  auto attempt = [&what] { return what.attempt(); };
  auto worth = [wish](const result<int>& r) {
    return !r && r.error() == refused ? std::optional<duration>(wish) : std::nullopt;
  };
  into.value = co_await retrying(bucket, f.h.random(), core::backoff(), dl, attempt, worth);
}

TEST_CASE("what fails for a passing reason is tried again until it works") {
  fixture f;
  core::token_bucket bucket(10, 0.1);
  flaky op(f.h.clock(), 3);
  outcome o;
  const auto took = f.run(persist(f, bucket, f.in(30s), op, 0s, o));
  CHECK(o.value.value() == 4);
  CHECK(took >= 400ms);
  CHECK(took < 400ms + 100ms + 200ms + 400ms);
  CHECK(bucket.tokens() == Approx(10 - 3 + 0.1));
}

TEST_CASE("a lasting failure is reported at once and costs nothing") {
  fixture f;
  core::token_bucket bucket(10, 0.1);
  flaky op(f.h.clock(), 3, asio::error::access_denied);
  outcome o;
  CHECK(f.run(persist(f, bucket, f.in(30s), op, 0s, o)) == 100ms);
  CHECK(o.value.error() == asio::error::access_denied);
  CHECK(op.attempts == 1);
  CHECK(bucket.tokens() == 10);
}

TEST_CASE("at the deadline the last cause is reported, not that time is up") {
  fixture f;
  core::token_bucket bucket(1000, 0.1);
  flaky op(f.h.clock(), 1000);
  outcome o;
  const auto took = f.run(persist(f, bucket, f.in(30s), op, 0s, o));
  CHECK(o.value.error() == refused);
  CHECK(took <= 30s + 100ms);
  CHECK(took > 20s);
}

TEST_CASE("a server's wish is kept, and a wish beyond the deadline ends the matter early") {
  fixture f;
  core::token_bucket bucket(10, 0.1);
  flaky op(f.h.clock(), 1);
  outcome o;
  const auto took = f.run(persist(f, bucket, f.in(30s), op, 7s, o));
  CHECK(o.value.value() == 2);
  CHECK(took == 7s + 200ms);
  flaky again(f.h.clock(), 1);
  CHECK(f.run(persist(f, bucket, f.in(5s), again, 7s, o)) == 100ms);
  CHECK(o.value.error() == refused);
}

TEST_CASE("without tokens a retry waits for the floor, and a first attempt for nothing") {
  fixture f;
  core::token_bucket bucket(0, 0);
  flaky op(f.h.clock(), 3);
  outcome o;
  const auto took = f.run(persist(f, bucket, f.in(1h), op, 0s, o));
  CHECK(o.value.value() == 4);
  CHECK(took > 10s);
  CHECK(took < 12s);
  flaky fresh(f.h.clock(), 0);
  CHECK(f.run(persist(f, bucket, f.in(1h), fresh, 0s, o)) == 100ms);
}

TEST_CASE("ten callers of one upstream share the floor between them") {
  fixture f;
  core::token_bucket bucket(0, 0);
  std::list<flaky> ops;
  std::list<outcome> outcomes;
  for (int i = 0; i < 10; ++i)
    f.h.spawn(persist(f, bucket, f.in(60s), ops.emplace_back(f.h.clock(), 1000), 0s, outcomes.emplace_back()));
  f.w.run_for(61s);
  int sent = 0;
  for (auto& op : ops) sent += op.attempts;
  CHECK(sent >= 10 + 10);
  CHECK(sent <= 10 + 13);
  for (auto& o : outcomes) CHECK(o.value.error() == refused);
}

TEST_CASE("a caller cancelled between two attempts unwinds") {
  fixture f;
  core::token_bucket bucket(10, 0.1);
  flaky op(f.h.clock(), 1000);
  outcome o;
  auto& j = f.h.try_spawn(persist(f, bucket, f.in(1h), op, 30s, o));
  f.w.after(15s, [&] { j.cancel(); });
  f.w.run_for(16s);
  CHECK(is_cancelled(j.error()));
  CHECK(op.attempts == 1);
}

}  // namespace
}  // namespace ebb::rt
