#include "agent/rt/within.hpp"

#include "tests/unit/rt/fixture.hpp"

namespace ebb::rt {
namespace {

task<> limited(deadline dl, task<result<int>> op, result<int>& into) { into = co_await within(dl, std::move(op)); }

task<result<int>> error_after(clock_source& c, duration d, error_code ec) {
  co_await c.sleep_for(d);
  co_return ec;
}
task<result<int>> throw_after(clock_source& c, duration d) {
  co_await c.sleep_for(d);
  throw std::runtime_error("bug");
}
task<result<int>> at_once(int v) { co_return v; }

// Reports its cancellation as an error, as everything does that Beast is asked with a redirected error.
task<result<int>> abort_as_error(clock_source& c) {
  co_await asio::this_coro::throw_if_cancelled(false);
  try {
    co_await c.sleep_for(1h);
  } catch (const boost::system::system_error& e) { co_return e.code(); }
  co_return 1;
}

// Takes two more seconds to unwind.
task<result<int>> slow_to_stop(clock_source& c, bool& stopped) {
  co_await asio::this_coro::throw_if_cancelled(false);
  bool aborted_once = false;
  try {
    co_await c.sleep_for(1h);
  } catch (const boost::system::system_error&) { aborted_once = true; }
  if (aborted_once) co_await c.sleep_for(2s);
  stopped = true;
  co_return error_code(aborted);
}

TEST_CASE("a result in time is returned when it comes") {
  fixture f;
  result<int> r = 0;
  CHECK(f.run(limited(f.in(2s), value_after(f.h.clock(), 1s, 7), r)) == 1s);
  CHECK(r.value() == 7);
}

TEST_CASE("an error in time is returned as it is") {
  fixture f;
  result<int> r = 0;
  f.run(limited(f.in(2s), error_after(f.h.clock(), 1s, asio::error::connection_refused), r));
  CHECK(r.error() == asio::error::connection_refused);
}

TEST_CASE("what is too slow has timed out at the deadline") {
  fixture f;
  result<int> r = 0;
  CHECK(f.run(limited(f.in(2s), value_after(f.h.clock(), 1h, 7), r)) == 2s);
  CHECK(r.error() == timed_out);
}

TEST_CASE("a cancelled operation that returns an error has timed out as well") {
  fixture f;
  result<int> r = 0;
  CHECK(f.run(limited(f.in(2s), abort_as_error(f.h.clock()), r)) == 2s);
  CHECK(r.error() == timed_out);
}

TEST_CASE("a result that arrives at the very deadline is not lost") {
  // Whichever of the two events comes first in the queue.
  fixture f;
  result<int> r = 0;
  const auto dl = f.in(2s);
  CHECK(f.run(limited(dl, value_after(f.h.clock(), 2s, 7), r)) == 2s);
  CHECK(r.value() == 7);
}

task<result<int>> value_at(clock_source& c, time_point early, time_point at, int v) {
  co_await c.sleep_until(early);
  co_await c.sleep_until(at);  // queued after the deadline's timer
  co_return v;
}

TEST_CASE("a result whose event follows the deadline's at the same instant is in or out, but not lost half way") {
  fixture f;
  result<int> r = 0;
  const auto dl = f.in(2s);
  CHECK(f.run(limited(dl, value_at(f.h.clock(), dl.at() - 1s, dl.at(), 7), r)) == 2s);
  CHECK((r.has_value() ? r.value() == 7 : r.error() == timed_out));
}

TEST_CASE("a result that is there when a process that was held up looks again is not lost") {
  // Both events come while the host is frozen, the deadline's first.
  fixture f;
  result<int> r = 0;
  const auto dl = f.in(2s);
  f.w.after(1500ms, [&] { f.h.freeze(); });
  f.w.after(2500ms, [&] { f.h.thaw(); });
  CHECK(f.run(limited(dl, value_at(f.h.clock(), dl.at() - 1s, dl.at(), 7), r)) == 2500ms);
  REQUIRE(r.has_value());
  CHECK(r.value() == 7);
}

TEST_CASE("a result that is there at once beats a deadline that has passed") {
  fixture f;
  result<int> r = 0;
  CHECK(f.run(limited(f.in(-1s), at_once(7), r)) == 0s);
  CHECK(r.value() == 7);
}

TEST_CASE("a deadline that has passed lets nothing else through") {
  fixture f;
  result<int> r = 0;
  CHECK(f.run(limited(f.in(-1s), value_after(f.h.clock(), 1ns, 7), r)) == 0s);
  CHECK(r.error() == timed_out);
}

TEST_CASE("no deadline is no limit") {
  fixture f;
  result<int> r = 0;
  CHECK(f.run(limited(deadline::never(f.h.clock()), value_after(f.h.clock(), 240h, 7), r), 250h) == 240h);
  CHECK(r.value() == 7);
}

TEST_CASE("the loser has finished before within returns") {
  fixture f;
  result<int> r = 0;
  bool stopped = false;
  CHECK(f.run(limited(f.in(1s), slow_to_stop(f.h.clock(), stopped), r)) == 3s);
  CHECK(stopped);
  CHECK(r.error() == timed_out);
}

task<> caught(deadline dl, task<result<int>> op, std::string& what) {
  try {
    (void)co_await within(dl, std::move(op));
  } catch (const std::exception& e) { what = e.what(); }
}

TEST_CASE("what the operation throws is rethrown") {
  fixture f;
  std::string what;
  CHECK(f.run(caught(f.in(2s), throw_after(f.h.clock(), 1s), what)) == 1s);
  CHECK(what == "bug");
}

task<result<int>> throws_when_stopped(clock_source& c) {
  try {
    co_await c.sleep_for(1h);
  } catch (const boost::system::system_error&) { throw std::runtime_error("bug while unwinding"); }
  co_return 1;
}

TEST_CASE("what the operation throws while it unwinds is not taken for the time-out") {
  fixture f;
  std::string what;
  f.run(caught(f.in(2s), throws_when_stopped(f.h.clock()), what));
  CHECK(what == "bug while unwinding");
}

struct cancelled_run {
  bool done = false, cancelled = false;
  duration took{};
};
cancelled_run cancel_after(fixture& f, duration d, task<> t) {
  cancelled_run out;
  const auto began = f.w.now();
  auto& j = f.h.try_spawn(std::move(t));
  f.w.after(d, [&] { j.cancel(); });
  out.done = f.w.run_while_not([&] { return j.done(); }, 1h);
  out.cancelled = is_cancelled(j.error());
  out.took = f.w.now() - began;
  return out;
}

TEST_CASE("a cancelled caller unwinds, it has not timed out") {
  fixture f;
  result<int> r = 0;
  const auto out = cancel_after(f, 1s, limited(f.in(2s), value_after(f.h.clock(), 1h, 7), r));
  CHECK(out.done);
  CHECK(out.cancelled);
  CHECK(out.took == 1s);
  CHECK(r.value() == 0);
}

TEST_CASE("a cancelled caller unwinds also when the operation reports that as an error") {
  fixture f;
  result<int> r = 0;
  const auto out = cancel_after(f, 1s, limited(f.in(2s), abort_as_error(f.h.clock()), r));
  CHECK(out.done);
  CHECK(out.cancelled);
  CHECK(r.has_value());
}

task<result<int>> nested(clock_source& c, deadline outer) {
  auto inner = co_await within(outer.sooner(5s), value_after(c, 1h, 7));
  co_return inner ? error_code() : inner.error();
}

TEST_CASE("of nested deadlines the sooner one decides") {
  fixture f;
  result<int> r = 0;
  CHECK(f.run(limited(f.in(10s), nested(f.h.clock(), f.in(10s)), r)) == 5s);
  CHECK(r.error() == timed_out);
  CHECK(f.run(limited(f.in(3s), nested(f.h.clock(), f.in(10s)), r)) == 3s);
  CHECK(r.error() == timed_out);
}

TEST_CASE("cancelled at the instant of the deadline it either times out or unwinds") {
  fixture f;
  result<int> r = 0;
  const auto out = cancel_after(f, 2s, limited(f.in(2s), value_after(f.h.clock(), 1h, 7), r));
  CHECK(out.done);
  CHECK(out.took == 2s);
  CHECK((out.cancelled || r.error() == timed_out));
}

TEST_CASE("a crash in the middle leaks nothing") {
  fixture f;
  result<int> r = 0;
  bool stopped = false;
  f.h.spawn(limited(f.in(10s), slow_to_stop(f.h.clock(), stopped), r));
  f.w.run_for(1s);
  f.h.crash();
  f.w.run_for(1h);
  CHECK_FALSE(stopped);
}

}  // namespace
}  // namespace ebb::rt
