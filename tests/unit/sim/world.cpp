#include "tests/support/sim/world.hpp"

#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/sim/scenario.hpp"

namespace ebb::sim {
namespace {

rt::task<> tick(host& h, rt::duration period, std::vector<rt::duration>& ticks) {
  for (;;) {
    co_await h.clock().sleep_for(period);
    ticks.push_back(h.home().elapsed());
  }
}

TEST_CASE("virtual time moves only to the next event") {
  world w(1);
  std::vector<rt::duration> ticks;
  auto& h = w.add_host("a").boot();
  h.spawn(tick(h, 1h, ticks));
  w.run_for(3h);
  CHECK(ticks == std::vector<rt::duration>{1h, 2h, 3h});
  CHECK(w.elapsed() == 3h);
  CHECK(w.events() == 3);
}

TEST_CASE("a fast clock wakes its host early, a slow one late") {
  world w(1);
  std::vector<rt::duration> fast, slow;
  auto& a = w.add_host("a").boot();
  auto& b = w.add_host("b").boot();
  a.clock().drift(1000);
  b.clock().drift(-1000);
  a.spawn(tick(a, 1000s, fast));
  b.spawn(tick(b, 1000s, slow));
  w.run_for(1500s);
  REQUIRE(fast.size() == 1);
  REQUIRE(slow.size() == 1);
  CHECK((fast[0] > 998s && fast[0] < 1000s));
  CHECK((slow[0] > 1000s && slow[0] < 1002s));
  CHECK(a.clock().now() - w.start() == 1501500ms);
}

TEST_CASE("calendar time jumps, monotonic time does not") {
  world w(1);
  auto& h = w.add_host("a").boot();
  const auto wall = h.clock().wall_now();
  const auto mono = h.clock().now();
  h.clock().jump(-1h);
  CHECK(h.clock().wall_now() == wall - 1h);
  CHECK(h.clock().now() == mono);
}

rt::task<> hold(std::shared_ptr<int> held, host& h) {
  co_await h.clock().sleep_until(rt::time_point::max());
  ++*held;
}

TEST_CASE("a crash destroys what the host was doing, and its files stay") {
  world w(1);
  auto held = std::make_shared<int>(0);
  auto& h = w.add_host("a").boot();
  h.files().put("/f", "kept");
  h.spawn(hold(held, h));
  w.run_for(1s);
  CHECK(held.use_count() == 2);
  h.crash();
  CHECK(held.use_count() == 1);
  h.boot();
  w.run_for(1s);
  CHECK(h.files().read("/f", 10).value() == "kept");
  CHECK(*held == 0);
}

rt::task<> fail_after(host& h, rt::duration d) {
  co_await h.clock().sleep_for(d);
  throw std::runtime_error("bug");
}

TEST_CASE("an exception out of a host's coroutine ends the run") {
  world w(1);
  auto& h = w.add_host("a").boot();
  h.spawn(fail_after(h, 5s));
  CHECK_THROWS_WITH(w.run_for(10s), "bug");
  CHECK(w.elapsed() == 5s);
}

rt::task<> spin(host& h) {
  for (;;) co_await h.clock().sleep_for(0s);
}

TEST_CASE("a busy loop is found out") {
  world w(1);
  auto& h = w.add_host("a").boot();
  h.spawn(spin(h));
  CHECK_THROWS_WITH(w.run_for(10s), ContainsSubstring("busy loop"));
}

rt::task<> draw(host& h) {
  co_await h.clock().sleep_for(h.random().between(0s, 1s));
  h.say("drawn");
}

TEST_CASE("the trace depends on the seed and on nothing else") {
  auto run = [](std::uint64_t seed) {
    world w(seed);
    for (int i = 0; i < 5; ++i) {
      auto& h = w.add_host("h" + std::to_string(i)).boot();
      h.spawn(draw(h));
    }
    w.run_for(2s);
    return w.trace();
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
}

TEST_CASE("a forked generator does not depend on what was drawn before") {
  random a(7), b(7);
  (void)a.next();
  CHECK(a.fork("x").next() == b.fork("x").next());
  CHECK(a.fork("x").next() != a.fork("y").next());
}

TEST_CASE("a condition ends the run when it comes true") {
  world w(1);
  std::vector<rt::duration> ticks;
  auto& h = w.add_host("a").boot();
  h.spawn(tick(h, 1s, ticks));
  CHECK(w.run_while_not([&] { return ticks.size() == 3; }, 10s));
  CHECK(w.elapsed() == 3s);
  CHECK_FALSE(w.run_while_not([&] { return ticks.size() == 30; }, 10s));
  CHECK(w.elapsed() == 13s);
}

TEST_CASE("an invariant that breaks ends the run where it broke") {
  world w(1);
  int ok = 0;
  w.always(10ms, [&] {
    if (++ok == 7) throw std::runtime_error("broken");
  });
  CHECK_THROWS_WITH(w.run_for(1s), "broken");
  CHECK(w.elapsed() == 70ms);
}

}  // namespace
}  // namespace ebb::sim
