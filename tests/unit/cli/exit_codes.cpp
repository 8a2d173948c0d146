#include "agent/cli/exit_codes.hpp"

#include "tests/support/catch.hpp"

using namespace ebb;
using cli::status_view;

namespace {

status_view in_state(std::string state, std::string phase = "", std::vector<std::string> causes = {}) {
  status_view v;
  v.state = std::move(state);
  v.phase = std::move(phase);
  v.causes = std::move(causes);
  return v;
}

}  // namespace

TEST_CASE("status is 0 while the node takes work or a person keeps it from it, 1 when it has stopped, else 3") {
  for (const auto* state : {"serving", "paused"}) CHECK(cli::status_exit(in_state(state)) == 0);
  for (const auto* state : {"starting", "admitting", "draining", "stopping"})
    CHECK(cli::status_exit(in_state(state)) == 3);
  CHECK(cli::status_exit(in_state("stopped")) == 1);
}

TEST_CASE("a drain that nobody waits for is done when it has begun") {
  CHECK(cli::drain_exit(202, false, in_state("draining", "denying", {"manual"}), "manual") == 0);
  CHECK(cli::drain_exit(409, false, in_state("serving"), "manual") == 1);
  CHECK(cli::drain_exit(400, false, in_state("serving"), "manual") == 1);
}

TEST_CASE("the end of a wait says whether work is left") {
  CHECK(cli::drain_exit(200, true, in_state("draining", "drained", {"manual"}), "manual") == 0);
  CHECK(cli::drain_exit(200, true, in_state("draining", "quiescing", {"manual"}), "manual") == 3);
  CHECK(cli::drain_exit(200, true, in_state("draining", "denying", {"manual"}), "manual") == 3);
  CHECK(cli::drain_exit(200, true, in_state("serving"), "manual") == 4);
  CHECK(cli::drain_exit(200, true, in_state("draining", "quiescing", {"hook"}), "manual") == 4);
  CHECK(cli::drain_exit(409, true, in_state("serving"), "manual") == 1);
}

TEST_CASE("an executor that is being stopped with work left was not drained") {
  auto v = in_state("stopping", "", {"manual", "sigterm"});
  v.executor.fragments = 0;
  CHECK(cli::drain_exit(200, true, v, "manual") == 0);
  v.executor.fragments = 2;
  CHECK(cli::drain_exit(200, true, v, "manual") == 3);
  v.executor.fragments.reset();
  CHECK(cli::drain_exit(200, true, v, "manual") == 0);
}

TEST_CASE("undrain is 5 only when the agent says why not") {
  CHECK(cli::undrain_exit(202) == 0);
  CHECK(cli::undrain_exit(409) == 5);
  for (unsigned status : {0u, 400u, 403u, 404u, 500u}) CHECK(cli::undrain_exit(status) == 1);
}

TEST_CASE("stop is 0 when it was accepted") {
  CHECK(cli::stop_exit(202) == 0);
  for (unsigned status : {0u, 403u, 409u, 500u}) CHECK(cli::stop_exit(status) == 1);
}
