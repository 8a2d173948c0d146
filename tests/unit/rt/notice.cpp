#include "agent/rt/notice.hpp"

#include <memory>

#include "tests/unit/rt/fixture.hpp"

namespace ebb::rt {
namespace {

task<> wait_once(notice& n, int& woken) {
  if (co_await n.wait()) ++woken;
}
task<> wait_until(notice& n, deadline dl, bool& woken) { woken = co_await n.wait(dl); }

TEST_CASE("all that wait are woken, each once") {
  fixture f;
  notice n(f.h.executor());
  int woken = 0;
  for (int i = 0; i < 3; ++i) f.h.spawn(wait_once(n, woken));
  f.w.run_for(1s);
  CHECK(woken == 0);
  f.w.after(0s, [&] { n.notify(); });
  f.w.run_for(1s);
  CHECK(woken == 3);
  f.w.after(0s, [&] { n.notify(); });
  f.w.run_for(1s);
  CHECK(woken == 3);
}

TEST_CASE("a notice before the wait wakes nobody: the state is read, not the notice") {
  fixture f;
  notice n(f.h.executor());
  int woken = 0;
  n.notify();
  f.h.spawn(wait_once(n, woken));
  f.w.run_for(1h);
  CHECK(woken == 0);
}

TEST_CASE("a wait with a deadline ends at the notice or at the deadline") {
  fixture f;
  notice n(f.h.executor());
  bool woken = true;
  CHECK(f.run(wait_until(n, f.in(5s), woken)) == 5s);
  CHECK_FALSE(woken);
  f.w.after(2s, [&] { n.notify(); });
  CHECK(f.run(wait_until(n, f.in(5s), woken)) == 2s);
  CHECK(woken);
}

TEST_CASE("a wait that has timed out is forgotten by the notice") {
  fixture f;
  notice n(f.h.executor());
  bool woken = true;
  for (int i = 0; i < 3; ++i) f.run(wait_until(n, f.in(1s), woken));
  f.w.after(0s, [&] { n.notify(); });
  f.w.run_for(1s);
  CHECK_FALSE(woken);
}

TEST_CASE("a cancelled waiter unwinds, with and without a deadline, and the others stay") {
  fixture f;
  notice n(f.h.executor());
  int woken = 0;
  bool woken_in_time = false;
  auto& a = f.h.try_spawn(wait_once(n, woken));
  auto& b = f.h.try_spawn(wait_until(n, f.in(1h), woken_in_time));
  f.h.spawn(wait_once(n, woken));
  f.w.after(1s, [&] { a.cancel(), b.cancel(); });
  f.w.run_for(2s);
  CHECK(is_cancelled(a.error()));
  CHECK(is_cancelled(b.error()));
  f.w.after(0s, [&] { n.notify(); });
  f.w.run_for(1s);
  CHECK(woken == 1);
}

TEST_CASE("a notice and a cancellation at one instant end the wait once") {
  for (const bool notice_first : {true, false}) {
    fixture f;
    notice n(f.h.executor());
    int woken = 0;
    auto& a = f.h.try_spawn(wait_once(n, woken));
    f.w.after(1s, [&] {
      if (notice_first) n.notify();
      a.cancel();
      if (!notice_first) n.notify();
    });
    f.w.run_for(2s);
    CHECK(a.done());
    CHECK((woken == 1) != is_cancelled(a.error()));
  }
}

task<> wait_without_throwing(notice& n, int& answers, bool& last) {
  co_await asio::this_coro::throw_if_cancelled(false);
  last = co_await n.wait();
  ++answers;
  last = co_await n.wait();  // the cancellation is over: this waits again
  ++answers;
}

TEST_CASE("who does not throw when cancelled is told by false, and may wait again") {
  fixture f;
  notice n(f.h.executor());
  int answers = 0;
  bool last = true;
  auto& a = f.h.try_spawn(wait_without_throwing(n, answers, last));
  f.w.after(1s, [&] { a.cancel(); });
  f.w.run_for(2s);
  CHECK(answers == 1);
  CHECK_FALSE(last);
  f.w.after(1s, [&] { n.notify(); });
  f.w.run_for(2s);
  CHECK(answers == 2);
  CHECK(last);
}

TEST_CASE("waiters of a notice that is destroyed unwind") {
  fixture f;
  auto n = std::make_unique<notice>(f.h.executor());
  int woken = 0;
  bool in_time = true;
  auto& a = f.h.try_spawn(wait_once(*n, woken));
  auto& b = f.h.try_spawn(wait_until(*n, f.in(1h), in_time));
  f.w.after(1s, [&] { n.reset(); });
  f.w.run_for(2s);
  CHECK(is_cancelled(a.error()));
  CHECK(b.done());
  CHECK(is_cancelled(b.error()));
  CHECK(woken == 0);
}

struct counter {
  explicit counter(asio::any_io_executor ex) : changed(std::move(ex)) {}
  notice changed;
  int value = 0;
};
task<> count_up(counter& c, clock_source& clock, int to) {
  while (c.value < to) {
    co_await clock.sleep_for(1s);
    ++c.value;
    c.changed.notify();
  }
}
task<> see_each(counter& c, std::vector<int>& seen, int to) {
  int last = 0;
  while (last < to) {
    while (c.value == last) co_await c.changed.wait();
    last = c.value;
    seen.push_back(last);
  }
}

TEST_CASE("who re-reads the state after each wake misses nothing") {
  fixture f;
  counter c(f.h.executor());
  std::vector<int> seen;
  f.h.spawn(see_each(c, seen, 3));
  f.h.spawn(count_up(c, f.h.clock(), 3));
  f.w.run_for(10s);
  CHECK(seen == std::vector<int>{1, 2, 3});
}

task<> notify_between(notice& n, int& woken) {
  n.notify();  // who waits now is woken, who waits later is not
  if (co_await n.wait()) ++woken;
}

TEST_CASE("a wait that begins after the notice, at the same instant, goes on waiting") {
  fixture f;
  notice n(f.h.executor());
  int first = 0, second = 0;
  f.h.spawn(wait_once(n, first));
  f.w.run_for(1s);
  f.h.spawn(notify_between(n, second));
  f.w.run_for(1h);
  CHECK(first == 1);
  CHECK(second == 0);
}

// The notice lives in the coroutine that waits on it: nobody else owns either.
task<> wait_on_own(asio::any_io_executor ex, std::shared_ptr<int> held) {
  notice own(ex);
  co_await own.wait();
  ++*held;
}

TEST_CASE("a crash ends coroutines that wait on a notice of their own") {
  fixture f;
  auto held = std::make_shared<int>(0);
  f.h.spawn(wait_on_own(f.h.executor(), held));
  f.w.run_for(1s);
  CHECK(held.use_count() == 2);
  f.h.crash();
  CHECK(held.use_count() == 1);
}

TEST_CASE("a notice may outlive its loop") {
  fixture f;
  notice n(f.h.executor());
  int woken = 0;
  f.h.spawn(wait_once(n, woken));
  f.w.run_for(1s);
  f.h.crash();
  CHECK(n.abandoned());
  n.notify();
  CHECK(woken == 0);
}

}  // namespace
}  // namespace ebb::rt
