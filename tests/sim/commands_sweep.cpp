// Commands that do without an agent, with the failure of each of their calls: whichever call to a seam fails, once,
// nothing is lost by it, and the command ends in time.
#include "tests/sim/command_scenes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/sweep.hpp"

using namespace ebb;
using namespace ebb::sim;

namespace {

// Entries on the list that are nobody's of ours.
const strings foreign{"somebody", executor_name(0) + "0"};

strings and_ours() {
  auto list = foreign;
  list.push_back(executor_name(0));
  return list;
}

// The node is denied, nothing runs or is planned there, and nobody notices that it goes.
void may_be_stopped(world& w, fleet& f) {
  CHECK(f.list() == and_ours());
  f.at(0).signal();
  CHECK(f.pending_when_signalled(0) == 0);
  w.run_for(10s);
  CHECK(f.lost() == 0);
}

void drain_wait(world& w) {
  fleet f(w, bare(2, steady_load(2)));
  f.at(0).settings.dremio.node_name = "auto";  // computed, by more calls
  f.write_list(foreign);
  w.run_for(5s);
  command drain(f.at(0), waited());
  REQUIRE(ends_within(w, drain, 180s));
  CHECK(drain.code() == 0);
  CHECK(drain.took() >= 10s);
  may_be_stopped(w, f);
}

void entry_and_back(world& w) {
  fleet f(w, bare(2, steady_load(2)));
  f.write_list(foreign);
  command drain(f.at(0), cli::drain_command{});
  REQUIRE(ends_within(w, drain, 60s));
  CHECK(drain.code() == 0);
  CHECK(f.list() == and_ours());
  command back(f.at(0), cli::undrain_command{});
  REQUIRE(ends_within(w, back, 60s));
  CHECK(back.code() == 0);
  CHECK(f.list() == foreign);
  CHECK(f.lost() == 0);
}

void hook_add_and_remove(world& w) {
  fleet f(w, bare(2, steady_load(2)));
  f.at(0).settings.drain.grace = 120s;
  f.write_list(foreign);
  w.run_for(5s);
  command hooked(f.at(0), hook(cli::hook_action::add));
  REQUIRE(ends_within(w, hooked, 98200ms));
  CHECK(hooked.code() == 0);
  CHECK(hooked.took() >= 10s);
  may_be_stopped(w, f);
  f.at(0).start();  // the next pod of that name
  command admitted(f.at(0), hook(cli::hook_action::remove));
  REQUIRE(ends_within(w, admitted, 60s));
  CHECK(admitted.code() == 0);
  CHECK(f.list() == foreign);
}

sweep_options calls_of(std::string host) {
  sweep_options o;
  o.host = std::move(host);
  return o;
}

const auto person = executor_name(0) + "-client";
const auto executor_port = executor_name(0) + "-jvm";

}  // namespace

TEST_CASE("failure sweep: without an agent, a drain that is waited for survives each of its calls that fails") {
  CHECK(sweep(drain_wait, calls_of(person)) > 40);
}

TEST_CASE("failure sweep: without an agent, a drain survives each call of the coordinator that fails") {
  CHECK(sweep(drain_wait, calls_of(coordinator_name)) > 20);
}

TEST_CASE("failure sweep: without an agent, a drain survives each call of the executor's port that fails") {
  CHECK(sweep(drain_wait, calls_of(executor_port)) > 20);
}

TEST_CASE("failure sweep: without an agent, an entry is made and taken off whichever call fails") {
  CHECK(sweep(entry_and_back, calls_of(person)) > 20);
  CHECK(sweep(entry_and_back, calls_of(coordinator_name)) > 20);
}

TEST_CASE("failure sweep: without an agent, the hooks do their work whichever call fails") {
  CHECK(sweep(hook_add_and_remove, calls_of(person)) > 60);
  CHECK(sweep(hook_add_and_remove, calls_of(coordinator_name)) > 30);
}
