#include "tests/support/sim/init.hpp"

#include <csignal>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/sim/scenario.hpp"

namespace ebb::sim {
namespace {

// An agent that does as little as an agent may: it stays alive, stops the executor a second after SIGTERM, and is
// finished when the executor has ended.
struct behaviour {
  bool speaks = true;
  bool orders = true;
  std::vector<pair::hello> hellos;
};

rt::task<> breathe(host& h, rt::supervisor& init, bool& stop) {
  while (!stop) {
    (void)init.send(pair::alive{});
    co_await h.clock().sleep_for(5s);
  }
}

pair::saved_blob blob_of(std::string_view text) {
  pair::saved_blob b;
  b.assign(std::as_bytes(std::span(text)));
  return b;
}

rt::task<> obey(host& h, rt::supervisor& init, behaviour& b) {
  for (;;) {
    auto r = co_await init.receive();
    if (!r) co_return;
    if (const auto* hello = std::get_if<pair::hello>(&*r)) b.hellos.push_back(*hello);
    const bool told = std::holds_alternative<pair::signal_seen>(*r) ||
                      (std::holds_alternative<pair::hello>(*r) && std::get<pair::hello>(*r).stop_signals > 0);
    if (told && b.orders) {
      (void)init.send(pair::save{blob_of("draining")});
      (void)init.send(pair::plan{h.clock().now() + 60s, h.clock().now() + 90s});
      co_await h.clock().sleep_for(1s);
      (void)init.send(pair::signal_order{SIGTERM});
    }
    if (std::holds_alternative<pair::exited>(*r)) (void)init.send(pair::finished{});
  }
}

struct pod {
  explicit pod(executor_script script = {}, core::supervise_policy policy = {})
      : init(h, policy, [this](host& at, rt::supervisor& seam) { return run(at, seam); }, std::move(script)) {
    init.start();
  }
  rt::task<> run(host& at, rt::supervisor& seam) {
    if (b.speaks) at.spawn(breathe(at, seam, stop));
    return obey(at, seam, b);
  }
  bool ends(rt::duration limit) {
    return w.run_while_not([&] { return init.exit_code().has_value(); }, limit);
  }
  world w{1};
  host& h = w.add_host("executor-0");
  behaviour b;
  bool stop = false;
  sim::init init;
};

TEST_CASE("the agent is told hello, and stops the executor when it is told to") {
  pod p;
  p.w.run_for(10s);
  REQUIRE(p.b.hellos.size() == 1);
  CHECK(p.b.hellos[0].generation == 0);
  CHECK(p.init.executor_live());
  p.w.after(0s, [&] { p.init.signal(SIGTERM); });
  REQUIRE(p.ends(20s));
  CHECK(p.init.exit_code() == 0);
  CHECK(p.init.first_signal(SIGTERM).value() - p.w.start() > 11s);
  CHECK(p.init.executor_end() == pair::ending{false, 143});
  CHECK(p.init.agents_started() == 1);
}

TEST_CASE("an executor that ends of itself gives its code") {
  executor_script dies;
  dies.dies_after = 7s;
  dies.death = {false, 3};
  pod p(dies);
  REQUIRE(p.ends(30s));
  CHECK(p.init.exit_code() == 3);
  CHECK(p.w.elapsed() >= 7s);
  CHECK(p.w.elapsed() < 9s);
}

TEST_CASE("a killed agent is replaced and gets back what was saved") {
  pod p;
  p.w.after(5s, [&] { p.init.signal(SIGTERM); });
  bool killed = false;
  p.init.on_record = [&](const pair::record& r) {
    if (std::holds_alternative<pair::save>(r) && !std::exchange(killed, true)) p.init.kill_agent();
  };
  REQUIRE(p.ends(30s));
  REQUIRE(p.b.hellos.size() == 2);
  CHECK(p.b.hellos[1].generation == 1);
  CHECK(p.b.hellos[1].saved == blob_of("draining"));
  CHECK(p.b.hellos[1].stop_signals == 1);
  CHECK(p.init.exit_code() == 0);
}

TEST_CASE("a frozen agent is killed and replaced") {
  pod p;
  p.w.after(60s, [&] { p.init.freeze_agent(); });
  p.w.run_for(90s);
  CHECK(p.init.agents_started() == 2);
  CHECK(p.b.hellos.size() == 2);
  CHECK(p.init.executor_runs());
}

TEST_CASE("without any agent init stops the executor by its own plan") {
  core::supervise_policy policy;
  policy.grace = 30s;
  pod p({}, policy);
  p.init.refuse_agents(true);
  p.w.after(1s, [&] { p.init.kill_agent(); });
  p.w.after(2s, [&] { p.init.signal(SIGTERM); });
  REQUIRE(p.ends(40s));
  CHECK(p.init.first_signal(SIGTERM).has_value());
  CHECK(p.w.elapsed() < 32s);
}

TEST_CASE("an executor that ignores the stop signal is killed before the deadline, after a thread dump") {
  executor_script stubborn;
  stubborn.ignores_stop = true;
  core::supervise_policy policy;
  policy.grace = 30s;
  pod p(stubborn, policy);
  p.b.orders = false;
  p.w.after(10s, [&] { p.init.signal(SIGTERM); });
  REQUIRE(p.ends(60s));
  CHECK(p.init.first_signal(SIGQUIT).has_value());
  CHECK(p.init.executor_end() == pair::ending{true, SIGKILL});
  CHECK(p.w.elapsed() <= 40s);
}

TEST_CASE("a descendant that does not end is awaited and killed") {
  executor_script leaves_one;
  leaves_one.dies_after = 5s;
  leaves_one.descendant_lives = 1h;
  pod p(leaves_one);
  REQUIRE(p.ends(10min));
  CHECK(p.w.elapsed() > 6s);
}

TEST_CASE("an agent may be killed at any time: the pod always ends") {
  scenario([](world& w) {
    auto& h = w.add_host("executor-0");
    behaviour b;
    bool stop = false;
    init one(h, {}, [&](host& at, rt::supervisor& seam) {
      at.spawn(breathe(at, seam, stop));
      return obey(at, seam, b);
    });
    one.start();
    auto draws = w.fork("test");
    for (int i = 0; i < 5; ++i) w.after(draws.between(0s, 20s), [&] { one.kill_agent(); });
    w.after(10s, [&] { one.signal(SIGTERM); });
    REQUIRE(w.run_while_not([&] { return one.exit_code().has_value(); }, 120s));
    CHECK(one.exit_code() == 0);
  });
}

}  // namespace
}  // namespace ebb::sim
