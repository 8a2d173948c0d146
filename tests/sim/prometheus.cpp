// Prometheus beside the executor's own page: it stands in for a page that cannot be read, and may object to a zero.
#include "tests/sim/fleet/history.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;

namespace {

constexpr rt::duration work = 60s;

// One node whose page lies and whose work takes a minute; its agent asks Prometheus.
struct scene {
  explicit scene(world& w, fleet_options o = {}) : f(w, options(std::move(o))), prometheus(f) {
    w.run_for(60s);
    f.cluster().at(executor_name(0)).distort(lab::distortion::gauge_absent);
    f.start_fragment(0, work);
    told = w.now();
    f.at(0).signal();
  }
  static fleet_options options(fleet_options o) {
    o.executors = 1;
    o.load = no_load();
    o.settings = agent_settings();
    history::ask_it(o.settings, 0);
    return o;
  }
  fleet f;
  history prometheus;
  rt::time_point told;
};

}  // namespace

TEST_CASE("P1_ Prometheus stands in for a page that cannot be read") {
  scenario([](world& w) {
    scene s(w);
    REQUIRE(ends_within(w, s.f.at(0), 200s));
    const auto after = s.f.signalled_after(0, s.told);
    REQUIRE(after);
    CHECK(*after >= work + 20s);  // three zeros, each 10 s
    CHECK(*after <= work + 40s);
    CHECK(s.f.pending_when_signalled(0) == 0);
    CHECK(s.f.at(0).exit_code() == 0);
  });
}

TEST_CASE("work that Prometheus saw later than the first local zero begins quiet anew") {
  scenario([](world& w) {
    fleet_options o;
    o.unknown_is_zero = true;
    scene s(w, std::move(o));
    REQUIRE(ends_within(w, s.f.at(0), 200s));
    // Without the objection the release comes at the end of settle.
    CHECK(*s.f.signalled_after(0, s.told) >= 13s);
  });
}
