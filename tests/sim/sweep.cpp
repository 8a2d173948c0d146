// Each duty with the failure of each of its calls: whichever call to a seam fails, once, nothing is lost by it.
#include "tests/support/sim/sweep.hpp"

#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::phase;
using core::state;

namespace {

// Two nodes under load, and an entry on the list that is nobody's of ours.
fleet_options two_nodes() {
  fleet_options o;
  o.executors = 2;
  o.load = steady_load(2);
  o.wait_until_serving = false;
  return o;
}

// A life from the start of the container to its end.
void admit_serve_and_drain(world& w) {
  fleet f(w, two_nodes());
  f.write_list({"somebody"});
  REQUIRE(reaches(w, f.at(0), state::serving, 60s));
  CHECK_FALSE(f.denied(0));
  w.run_for(20s);
  f.at(0).signal();
  REQUIRE(ends_within(w, f.at(0), 120s));
  CHECK(f.pending_when_signalled(0) == 0);
  CHECK(f.lost() == 0);
  CHECK(f.at(0).exit_code() == 0);
  CHECK(f.list() == std::vector<std::string>{"somebody"});
}

void drain_by_hand_and_back(world& w) {
  fleet f(w, two_nodes());
  f.write_list({"somebody"});
  REQUIRE(reaches(w, f.at(0), state::serving, 60s));
  // A person repeats a request that was not answered.
  const auto insist = [&](const char* target, auto reached) {
    for (int i = 0; i < 5 && !reached(); ++i) {
      (void)f.at(0).ask("POST", target);
      (void)w.run_while_not(reached, 30s);
    }
    REQUIRE(reached());
  };
  insist("/drain?reason=test", [&] { return f.at(0).life().phase == phase::drained; });
  CHECK(f.denied(0));
  CHECK_FALSE(f.signalled_after(0, w.start()));
  insist("/undrain", [&] { return f.at(0).life().now == state::serving; });
  w.run_for(10s);
  CHECK_FALSE(f.denied(0));
  CHECK(f.list() == std::vector<std::string>{"somebody"});
  CHECK(f.lost() == 0);
  CHECK(f.at(0).agents() == 1);
}

sweep_options calls_of(std::string host) {
  sweep_options o;
  o.host = std::move(host);
  return o;
}

}  // namespace

TEST_CASE("failure sweep: admitting, serving and draining survive each call of the agent that fails") {
  CHECK(sweep(admit_serve_and_drain, calls_of(executor_name(0))) > 100);
}

TEST_CASE("failure sweep: admitting, serving and draining survive each call of the coordinator that fails") {
  CHECK(sweep(admit_serve_and_drain, calls_of(coordinator_name)) > 50);
}

TEST_CASE("failure sweep: admitting, serving and draining survive each call of the executor's port that fails") {
  CHECK(sweep(admit_serve_and_drain, calls_of(executor_name(0) + "-jvm")) > 30);
}

TEST_CASE("failure sweep: a drain by hand and its withdrawal survive each call of the agent that fails") {
  CHECK(sweep(drain_by_hand_and_back, calls_of(executor_name(0))) > 100);
}
