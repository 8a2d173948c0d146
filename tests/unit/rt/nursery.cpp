#include "agent/rt/nursery.hpp"

#include "tests/unit/rt/fixture.hpp"

namespace ebb::rt {
namespace {

// Counts how many coroutines are inside.
class presence {
 public:
  explicit presence(int& n) : n_(n) { ++n_; }
  presence(const presence&) = delete;
  presence& operator=(const presence&) = delete;
  ~presence() { --n_; }

 private:
  int& n_;
};

task<> stay(clock_source& c, int& inside) {
  presence p(inside);
  for (;;) co_await c.sleep_for(1s);
}
task<> stay_for(clock_source& c, int& inside, duration d) {
  presence p(inside);
  co_await c.sleep_for(d);
}
task<> fail_after(clock_source& c, duration d, std::string what) {
  co_await c.sleep_for(d);
  throw std::runtime_error(what);
}
task<> nothing() { co_return; }

task<> join_two(clock_source& c, int& inside) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(stay_for(c, inside, 1s));
  n.spawn(stay_for(c, inside, 3s));
  co_await n.join();
  CHECK(n.live() == 0);
}

TEST_CASE("join waits for the last child") {
  fixture f;
  int inside = 0;
  CHECK(f.run(join_two(f.h.clock(), inside)) == 3s);
  CHECK(inside == 0);
}

task<> join_none() {
  nursery n(co_await asio::this_coro::executor);
  co_await n.join();
}

TEST_CASE("join of nothing returns at once") {
  fixture f;
  CHECK(f.run(join_none()) == 0s);
}

task<> one_fails(clock_source& c, int& inside, std::string& what) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(stay(c, inside));
  n.spawn(stay(c, inside));
  n.spawn(fail_after(c, 5s, "first"));
  n.spawn(fail_after(c, 6s, "second"));
  try {
    co_await n.join();
  } catch (const std::runtime_error& e) { what = e.what(); }
  CHECK(inside == 0);
}

TEST_CASE("a child that fails stops its siblings, and join rethrows") {
  fixture f;
  int inside = 0;
  std::string what;
  CHECK(f.run(one_fails(f.h.clock(), inside, what)) == 5s);
  CHECK(what == "first");
}

task<> fails_while_stopped(clock_source& c) {
  try {
    co_await c.sleep_for(1h);
  } catch (const boost::system::system_error&) { throw std::runtime_error("while unwinding"); }
}
task<> two_failures(clock_source& c, std::string& what) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(fails_while_stopped(c));
  n.spawn(fail_after(c, 1s, "cause"));
  try {
    co_await n.join();
  } catch (const std::runtime_error& e) { what = e.what(); }
}

TEST_CASE("of several failures the first is told") {
  fixture f;
  std::string what;
  f.run(two_failures(f.h.clock(), what));
  CHECK(what == "cause");
}

task<> parent(clock_source& c, int& inside, bool& after_join) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(stay(c, inside));
  n.spawn(stay(c, inside));
  co_await n.join();
  after_join = true;
}

TEST_CASE("a cancelled parent stops its children, and unwinds only when they have gone") {
  fixture f;
  int inside = 0;
  bool after_join = false;
  auto& j = f.h.try_spawn(parent(f.h.clock(), inside, after_join));
  f.w.run_for(3s);
  CHECK(inside == 2);
  f.w.after(0s, [&] { j.cancel(); });
  f.w.run_for(1s);
  CHECK(j.done());
  CHECK(is_cancelled(j.error()));
  CHECK(inside == 0);
  CHECK_FALSE(after_join);
}

task<> slow_to_stop(clock_source& c, int& inside, duration d) {
  presence p(inside);
  co_await asio::this_coro::throw_if_cancelled(false);
  for (;;) {
    try {
      co_await c.sleep_for(1h);
    } catch (const boost::system::system_error&) { break; }
  }
  co_await c.sleep_for(d);
}
task<> patient_parent(clock_source& c, int& inside) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(slow_to_stop(c, inside, 5s));
  co_await n.join();
}

TEST_CASE("a cancelled parent waits for a child that takes its time, however often it is cancelled") {
  fixture f;
  int inside = 0;
  auto& j = f.h.try_spawn(patient_parent(f.h.clock(), inside));
  f.w.after(1s, [&] { j.cancel(); });
  f.w.after(5500ms, [&] { CHECK(!j.done()); });
  f.w.run_for(10s);
  CHECK(j.done());
  CHECK(is_cancelled(j.error()));
  CHECK(inside == 0);
}

TEST_CASE("a parent cancelled twice passes both on") {
  fixture f;
  int inside = 0;
  auto& j = f.h.try_spawn(patient_parent(f.h.clock(), inside));
  f.w.after(1s, [&] { j.cancel(); });
  f.w.after(2s, [&] { j.cancel(); });
  f.w.run_for(3s);
  CHECK(j.done());
  CHECK(inside == 0);
}

task<> wait_for(notice& gate) { (void)co_await gate.wait(); }
task<> parent_of_two(clock_source& c, int& inside, notice& gate) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(stay(c, inside));
  n.spawn(wait_for(gate));
  co_await n.join();
}

TEST_CASE("a parent cancelled in the instant in which a child ends stops the others all the same") {
  fixture f;
  int inside = 0;
  notice gate(f.h.executor());
  auto& j = f.h.try_spawn(parent_of_two(f.h.clock(), inside, gate));
  f.w.after(1s, [&] {
    gate.notify();
    j.cancel();
  });
  f.w.run_for(3s);
  CHECK(j.done());
  CHECK(inside == 0);
}

task<> rounds(clock_source& c, int& inside, int& n_rounds) {
  for (;;) {
    nursery n(co_await asio::this_coro::executor);
    n.spawn(stay_for(c, inside, 1s));
    co_await n.join();
    ++n_rounds;
  }
}

TEST_CASE("a loop of nurseries can be cancelled") {
  fixture f;
  int inside = 0, n_rounds = 0;
  auto& j = f.h.try_spawn(rounds(f.h.clock(), inside, n_rounds));
  f.w.after(2500ms, [&] { j.cancel(); });
  f.w.run_for(10s);
  CHECK(j.done());
  CHECK(n_rounds == 2);
  CHECK(inside == 0);
}

task<> cancelled_then_spawned(clock_source& c, int& inside, duration& took) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(stay(c, inside));
  n.cancel();
  n.spawn(stay(c, inside));
  const auto began = c.now();
  co_await n.join();
  took = c.now() - began;
}

TEST_CASE("a child spawned after the cancellation is cancelled too, and nobody throws") {
  fixture f;
  int inside = 0;
  duration took{1};
  f.run(cancelled_then_spawned(f.h.clock(), inside, took));
  CHECK(took == 0s);
  CHECK(inside == 0);
}

task<> spawner(nursery& n, clock_source& c, int& inside, int depth) {
  co_await c.sleep_for(1s);
  if (depth > 0) n.spawn(spawner(n, c, inside, depth - 1));
  n.spawn(stay_for(c, inside, 100ms));
}
task<> grow(clock_source& c, int& inside) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(spawner(n, c, inside, 4));
  co_await n.join();
}

TEST_CASE("a child may spawn children, and join waits for them as well") {
  fixture f;
  int inside = 0;
  CHECK(f.run(grow(f.h.clock(), inside)) == 5100ms);
  CHECK(inside == 0);
}

task<> stopper(nursery& n, clock_source& c) {
  co_await c.sleep_for(2s);
  n.cancel();
  co_await c.sleep_for(1h);  // its own cancellation reaches it here
}
task<> stopped_from_within(clock_source& c, int& inside) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(stay(c, inside));
  n.spawn(stopper(n, c));
  n.spawn(stay(c, inside));
  co_await n.join();
}

TEST_CASE("a child may cancel the whole nursery, itself included") {
  fixture f;
  int inside = 0;
  CHECK(f.run(stopped_from_within(f.h.clock(), inside)) == 2s);
  CHECK(inside == 0);
}

task<> many_at_once() {
  nursery n(co_await asio::this_coro::executor);
  for (int i = 0; i < 1000; ++i) n.spawn(nothing());
  co_await n.join();
}

task<> cancel_at_once(nursery& n) {
  n.cancel();
  co_return;
}
task<> cancelled_by_a_child_that_never_waits(clock_source& c, int& inside) {
  nursery n(co_await asio::this_coro::executor);
  n.spawn(stay(c, inside));
  n.spawn(cancel_at_once(n));
  co_await n.join();
}

TEST_CASE("a child that ends without ever waiting may cancel the whole nursery") {
  fixture f;
  int inside = 0;
  CHECK(f.run(cancelled_by_a_child_that_never_waits(f.h.clock(), inside)) == 0s);
  CHECK(inside == 0);
}

TEST_CASE("a thousand children that end at once are joined") {
  fixture f;
  CHECK(f.run(many_at_once()) == 0s);
}

task<> nested(clock_source& c, int& inside, int depth) {
  presence p(inside);
  nursery n(co_await asio::this_coro::executor);
  if (depth > 0)
    n.spawn(nested(c, inside, depth - 1));
  else
    n.spawn(fail_after(c, 1s, "deep down"));
  co_await n.join();
}

TEST_CASE("a failure deep down reaches the root") {
  fixture f;
  int inside = 0;
  auto& j = f.h.try_spawn(nested(f.h.clock(), inside, 5));
  f.w.run_for(2s);
  REQUIRE(j.done());
  CHECK_THROWS_WITH(std::rethrow_exception(j.error()), "deep down");
  CHECK(inside == 0);
}

task<> nested_stay(clock_source& c, int& inside, int depth) {
  presence p(inside);
  nursery n(co_await asio::this_coro::executor);
  n.spawn(depth > 0 ? nested_stay(c, inside, depth - 1) : stay(c, inside));
  co_await n.join();
}

TEST_CASE("a crash under nested nurseries destroys all of them") {
  fixture f;
  int inside = 0;
  f.h.spawn(nested_stay(f.h.clock(), inside, 3));
  f.w.run_for(1s);
  CHECK(inside == 5);
  f.h.crash();
  CHECK(inside == 0);
}

}  // namespace
}  // namespace ebb::rt
