#include "agent/cli/status_view.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/cli/status_samples.hpp"

using namespace ebb;
using namespace std::chrono_literals;

TEST_CASE("every field of a draining status is read") {
  const auto v = test::view_of(test::draining_status);
  CHECK(v.state == "draining");
  CHECK(v.phase == "quiescing");
  CHECK(v.has_cause("sigterm"));
  CHECK_FALSE(v.has_cause("hook"));
  CHECK(v.executor.fragments == 12.0);
  CHECK(v.executor.fragments_age == 210ms);
  CHECK(v.deny_list.entry == "present");
  CHECK(v.deny_list.verified_ago == 5800ms);
  CHECK(v.deny_list.lost == 1);
  REQUIRE(v.drain);
  CHECK(*v.drain->stop_at - *v.drain->began == 598s);
  CHECK(v.drain->settle == 10s);
  CHECK(v.pod.watched);
  CHECK(v.pod.disruption == "EvictionByEvictionAPI");
  REQUIRE(v.upstreams.size() == 4);
  CHECK(v.upstreams[1].error == "connection refused");
  CHECK_FALSE(v.upstreams[2].configured);
  CHECK(v.agent_restarts == 2);
}

TEST_CASE("an unknown number is unknown, not zero") {
  const auto v = test::view_of(test::starting_status);
  CHECK_FALSE(v.executor.fragments);
  CHECK_FALSE(v.deny_list.verified_ago);
  CHECK(v.deny_list.entry.empty());
  CHECK_FALSE(v.drain);
}

TEST_CASE("an older or a newer agent is understood as far as possible") {
  const auto v = test::view_of(R"({"state":"hibernating","moon":{"phase":1}})");
  CHECK(v.state == "hibernating");
  CHECK(v.upstreams.empty());
}

TEST_CASE("what is no status is an error with a place") {
  CHECK(cli::parse_status("").error().what.find("empty") != std::string::npos);
  CHECK(cli::parse_status("<html>").error().what.find("no JSON") != std::string::npos);
  CHECK(cli::parse_status("[]").error().what.find("an object") != std::string::npos);
  CHECK(cli::parse_status("{}").error().what.find("state is missing") != std::string::npos);
  CHECK(cli::parse_status(R"({"state":"serving","executor":7})").error().what.find("executor is 7") !=
        std::string::npos);
  CHECK(cli::parse_status(R"({"state":"serving","executor":{"fragments":"many"}})")
            .error()
            .what.find("executor.fragments is \"many\", expected a number") != std::string::npos);
}

TEST_CASE("every cut of a status is an error, never a half view") {
  const std::string whole = R"({"state":"draining","drain":{"waiting_for":"settle"},"causes":["manual"]})";
  REQUIRE(cli::parse_status(whole).has_value());
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK_FALSE(cli::parse_status(std::string_view(whole).substr(0, n)).has_value());
}

TEST_CASE("text for the terminal cannot steer it") {
  const auto v = test::view_of(R"({"state":"draining","reason":"a\u001b[2Jb\nc"})");
  CHECK(v.reason == "a [2Jb c");
}
