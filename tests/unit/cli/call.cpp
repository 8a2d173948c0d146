#include "agent/cli/call.hpp"

#include "agent/cli/held_drain.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace std::chrono_literals;

TEST_CASE("a wildcard is asked by the loopback, and elsewhere the token is needed") {
  struct row {
    std::string control, asked;
    bool loopback;
  };
  const std::vector<row> table = {
      {"127.0.0.1:9012", "127.0.0.1:9012", true}, {"localhost:9012", "localhost:9012", true},
      {"[::1]:9012", "[::1]:9012", true},         {"0.0.0.0:9012", "127.0.0.1:9012", true},
      {"[::]:9012", "127.0.0.1:9012", true},      {"10.0.0.7:9012", "10.0.0.7:9012", false},
      {"[fd00::7]:9", "[fd00::7]:9", false}};
  for (const auto& r : table) {
    config::listen_settings listen;
    listen.control = r.control;
    const auto a = cli::local_agent(listen);
    REQUIRE(a);
    CHECK(a->url.authority() == r.asked);
    CHECK(a->loopback == r.loopback);
  }
  config::listen_settings bad;
  bad.control = "nowhere at all";
  CHECK_FALSE(cli::local_agent(bad));
}

TEST_CASE("what is wished of a drain is asked for, and nothing else") {
  CHECK(cli::drain_target({"manual", "", false, false, std::nullopt}, std::nullopt) == "/drain?cause=manual");
  CHECK(cli::drain_target({"hook", "ebb hook -a add", true, true, std::nullopt}, std::nullopt) ==
        "/drain?cause=hook&reason=ebb%20hook%20-a%20add&force=true&wait=true");
  // What is left of the wait, rounded up so that it does not become nothing.
  CHECK(cli::drain_target({"manual", "a&b=c", false, true, 10min}, 90s + 1ns) ==
        "/drain?cause=manual&reason=a%26b%3Dc&wait=true&deadline=90001ms");
}
