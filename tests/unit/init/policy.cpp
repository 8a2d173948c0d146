#include "agent/init/policy.hpp"

#include <csignal>

#include "tests/support/catch.hpp"

using namespace ebb;
using namespace std::chrono_literals;

TEST_CASE("init's policy is the configuration's") {
  config::settings s;
  auto p = init::policy_of(s);
  CHECK_FALSE(p.grace);
  CHECK_FALSE(p.reserve);
  CHECK(p.stop_signal == SIGTERM);
  CHECK(p.forward.empty());
  CHECK(p.success_codes == std::vector{0, 143, 4});
  CHECK_FALSE(p.in_kubernetes);

  s.drain.grace = 90s;
  s.drain.reserve = 7s;
  s.executor.stop_signal = "SIGINT";
  s.executor.forward = {"SIGUSR1", "SIGRTMIN+2"};
  s.executor.success_codes = {130};
  s.pod.in_kubernetes = true;
  p = init::policy_of(s);
  CHECK(p.grace == 90s);
  CHECK(p.reserve == 7s);
  CHECK(p.stop_signal == SIGINT);
  CHECK(p.forward == std::vector{SIGUSR1, SIGRTMIN + 2});
  CHECK(p.success_codes == std::vector{130});
  CHECK(p.in_kubernetes);
}
