// Whole fleets with everything going wrong, and the controls that show that these tests can fail.
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::phase;
using core::state;

namespace {

struct wave {
  int executors = 50;
  int stopped = 25;
  double per_second = 40;
  rt::duration propagation{0};
  rt::duration settle = 10s;
  rt::duration quiet = 3s;
  bool faults = true;
};

std::unique_ptr<fleet> build(world& w, const wave& v) {
  fleet_options o;
  o.executors = v.executors;
  o.load = steady_load(v.per_second);
  o.load.lasts = {200ms, 8s};
  o.coordinator.list.propagation = v.propagation;
  o.settings = agent_settings();
  o.settings.drain.settle = std::chrono::duration_cast<config::duration>(v.settle);
  o.settings.drain.quiet = std::chrono::duration_cast<config::duration>(v.quiet);
  if (v.quiet == 0s) o.settings.drain.samples = 1;
  return std::make_unique<fleet>(w, o);
}

void trouble(fleet& f, world& w) {
  auto& rules = f.faults();
  lab::fault_rule slow;
  slow.chance = 0.2;
  slow.before = {0ms, 400ms};
  slow.after = {0ms, 400ms};
  rules.add(slow);
  lab::fault_rule errors;
  errors.chance = 0.1;
  errors.what = lab::fault::status;
  rules.add(errors);
  lab::fault_rule lost;
  lost.chance = 0.05;
  lost.what = lab::fault::lost_answer;
  rules.add(lost);
  lab::fault_rule html;
  html.chance = 0.03;
  html.what = lab::fault::not_json;
  rules.add(html);
  connection_faults wire;
  wire.lost_syn = 0.02;
  wire.reset = 0.02;
  wire.half_open = 0.01;
  w.net().faults = wire;
}

// Stops the first `stopped` executors at once and waits until all of them have ended.
bool stop_and_wait(fleet& f, world& w, int stopped, rt::duration limit) {
  for (int i = 0; i < stopped; ++i) f.at(i).signal();
  return w.run_while_not(
      [&] {
        for (int i = 0; i < stopped; ++i)
          if (!f.at(i).exit_code()) return false;
        return true;
      },
      limit);
}

std::size_t lost_in(world& w, const wave& v) {
  auto f = build(w, v);
  if (v.faults) trouble(*f, w);
  w.run_for(10s);
  REQUIRE(stop_and_wait(*f, w, v.stopped, 600s));
  w.run_for(10s);
  return f->lost();
}

// How many queries a few seeds lose with a rule turned off: the harness must notice.
template <class Play>
std::size_t lost_over_seeds(int seeds, Play play) {
  std::size_t lost = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    world w(static_cast<std::uint64_t>(seed));
    lost += play(w);
  }
  return lost;
}

}  // namespace

TEST_CASE("P1_ P3_ P4_ half of fifty executors stopped at once, with faults, lose no query and no entry") {
  scenario([](world& w) {
    wave v;
    auto f = build(w, v);
    f->write_list({"foreign-1", "foreign-2"});
    trouble(*f, w);
    w.run_for(10s);
    REQUIRE(stop_and_wait(*f, w, v.stopped, 600s));
    w.run_for(10s);
    CHECK(f->lost() == 0);
    for (int i = 0; i < v.stopped; ++i) {
      CHECK(f->pending_when_signalled(i) == 0);
      CHECK(f->at(i).exit_code() == 0);
    }
    auto list = f->list();
    std::erase_if(list, [](const std::string& e) { return e.starts_with("executor-"); });
    CHECK(list == std::vector<std::string>{"foreign-1", "foreign-2"});
  });
}

TEST_CASE("P3_ every wish of a living agent is in the list in the end, when some drain and some come back") {
  scenario([](world& w) {
    wave v;
    v.executors = 20;
    v.per_second = 10;
    auto f = build(w, v);
    trouble(*f, w);
    for (int i = 0; i < 10; ++i) (void)f->at(i).ask("POST", "/drain?force=true");
    w.run_for(20s);
    for (int i = 0; i < 5; ++i) (void)f->at(i).ask("POST", "/undrain");
    for (int i = 10; i < 15; ++i) (void)f->at(i).ask("POST", "/drain?force=true");
    w.run_for(90s);
    f->faults().clear();
    w.net().faults = {};
    w.run_for(90s);
    for (int i = 0; i < 20; ++i) {
      INFO(executor_name(i) << " is " << core::sentence(f->at(i).life()));
      CHECK(f->denied(i) == (f->at(i).life().now == state::draining));
    }
    CHECK(f->lost() == 0);
  });
}

TEST_CASE("P1_ no query is lost in any variant of the coordinator") {
  for (int variant = 0; variant < 6; ++variant)
    scenario([variant](world& w) {
      fleet_options o;
      o.executors = 6;
      o.load = steady_load(8);
      auto& list = o.coordinator.list;
      if (variant == 1) list.ignore_case = true;
      if (variant == 2) list.reorder = true;
      if (variant == 3) list.remove_duplicates = true;
      if (variant == 4) list.propagation = 8s;
      if (variant == 5) {
        list.propagation = 30s;
        o.settings = agent_settings();
        o.settings.drain.settle = 35s;
      }
      fleet f(w, o);
      w.run_for(5s);
      REQUIRE(stop_and_wait(f, w, 3, 300s));
      w.run_for(10s);
      INFO("variant " << variant);
      CHECK(f.lost() == 0);
    });
}

TEST_CASE("P4_ agents die, hosts are cut off and clocks drift: nothing is released early") {
  scenario([](world& w) {
    wave v;
    v.executors = 12;
    v.stopped = 6;
    v.per_second = 12;
    auto f = build(w, v);
    trouble(*f, w);
    auto random = w.fork("trouble");
    for (int k = 0; k < 8; ++k) {
      const int victim = static_cast<int>(random.below(12));
      w.at(w.now() + random.between(0s, 60s), [&f, victim] { f->at(victim).kill_agent(); });
    }
    for (int i = 0; i < 12; ++i) f->at(i).agent().clock().drift(static_cast<int>(random.below(400)) - 200);
    w.at(w.now() + 12s, [&] { w.net().isolate(executor_name(1)); });
    w.at(w.now() + 25s, [&] { w.net().heal(); });
    w.run_for(10s);
    REQUIRE(stop_and_wait(*f, w, v.stopped, 600s));
    w.run_for(10s);
    CHECK(f->lost() == 0);
  });
}

TEST_CASE("P4_ a coordinator that is away for an hour costs a bounded number of requests") {
  scenario([](world& w) {
    fleet_options o;
    o.executors = 4;
    o.load = no_load();
    fleet f(w, o);
    lab::fault_rule r;
    r.what = lab::fault::status;
    f.faults().add(r);
    w.run_for(1h);
    std::size_t met = 0;
    for (const auto& a : f.faults().rules()) met += a.met;
    // Each agent: 60 looks an hour, their retries 10 at once and then one each five seconds.
    CHECK(met <= 4 * (60 + 10 + 3600 / 5 + 3600 / 40));
    for (int i = 0; i < 4; ++i) CHECK(f.at(i).life().now == state::serving);
  });
}

// A light load: a node is idle most of the time, so that it is only the rules that keep it from being released between
// a plan and its fragments.
namespace {

wave light() {
  wave v;
  v.executors = 8;
  v.stopped = 4;
  v.per_second = 0.7;
  v.faults = false;
  return v;
}

constexpr int control_seeds = 6;

}  // namespace

TEST_CASE("the load of the controls loses nothing by the rules") {
  CHECK(lost_over_seeds(control_seeds, [](world& w) { return lost_in(w, light()); }) == 0);
}

TEST_CASE("sensitivity: without settle queries are lost") {
  const auto lost = lost_over_seeds(control_seeds, [](world& w) {
    auto v = light();
    v.propagation = 8s;
    v.settle = 0s;
    return lost_in(w, v);
  });
  CHECK(lost > 0);
}

TEST_CASE("sensitivity: a settle that is shorter than the propagation loses queries") {
  const auto lost = lost_over_seeds(control_seeds, [](world& w) {
    auto v = light();
    v.propagation = 30s;
    return lost_in(w, v);
  });
  CHECK(lost > 0);
}

TEST_CASE("sensitivity: without quiet queries are lost that quiet alone would save") {
  const auto lost = [](rt::duration quiet) {
    return lost_over_seeds(control_seeds, [quiet](world& w) {
      auto v = light();
      v.settle = 0s;
      v.quiet = quiet;
      return lost_in(w, v);
    });
  };
  CHECK(lost(0s) > 0);
  CHECK(lost(3s) == 0);
}

TEST_CASE("sensitivity: without the read-back entries are lost") {
  const auto missing = [](bool no_read_back) {
    return lost_over_seeds(3, [no_read_back](world& w) {
      fleet_options o;
      o.executors = 20;
      o.load = no_load();
      o.no_read_back = no_read_back;
      fleet f(w, o);
      for (int i = 0; i < 20; ++i) (void)f.at(i).ask("POST", "/drain?force=true");
      w.run_for(30s);
      std::size_t n = 0;
      for (int i = 0; i < 20; ++i) n += f.denied(i) ? 0 : 1;
      return n;
    });
  };
  CHECK(missing(true) > 0);
  CHECK(missing(false) == 0);
}

TEST_CASE("sensitivity: unknown taken for zero loses queries") {
  const auto lost = [](bool unknown_is_zero) {
    return lost_over_seeds(3, [unknown_is_zero](world& w) {
      fleet_options o;
      o.executors = 4;
      o.load = steady_load(4);
      o.load.lasts = {20s, 30s};
      o.unknown_is_zero = unknown_is_zero;
      fleet f(w, o);
      w.run_for(10s);
      f.cluster().at(executor_name(0)).distort(lab::distortion::gauge_absent);
      f.at(0).signal();
      w.run_for(20s);
      f.cluster().at(executor_name(0)).distort(lab::distortion::none);
      w.run_while_not([&] { return f.at(0).exit_code().has_value(); }, 200s);
      return f.lost();
    });
  };
  CHECK(lost(true) > 0);
  CHECK(lost(false) == 0);
}
