#include "agent/cli/status_text.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/unit/cli/status_samples.hpp"

using namespace ebb;
using namespace std::chrono_literals;

namespace {

// A minute after the beginning of what the samples tell.
const cli::moment now = *proto::parse_iso_time("2026-11-24T10:56:09.123Z");

std::string expected(const std::string& name) { return test::golden("tests/unit/cli/data/" + name + ".txt"); }

}  // namespace

TEST_CASE("the screen of a draining node") {
  CHECK(cli::status_screen(test::view_of(test::draining_status), now, {}) == expected("draining"));
}

TEST_CASE("the screen of a draining node that is followed has bars") {
  cli::look l;
  l.bars = true;
  CHECK(cli::status_screen(test::view_of(test::draining_status), now, l) == expected("draining-bars"));
}

TEST_CASE("the screen of a serving node") {
  CHECK(cli::status_screen(test::view_of(test::serving_status), now, {}) == expected("serving"));
}

TEST_CASE("the screen of a node of which nothing is known yet") {
  CHECK(cli::status_screen(test::view_of(test::starting_status), now, {}) == expected("starting"));
}

TEST_CASE("colour changes nothing but the colour") {
  cli::look l;
  l.colour = true;
  auto text = cli::status_screen(test::view_of(test::draining_status), now, l);
  CHECK(text.find("\x1b[33mdraining (quiescing)") != std::string::npos);
  for (auto at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
    text.erase(at, text.find('m', at) - at + 1);
  CHECK(text == expected("draining"));
}

TEST_CASE("a bar is full at one and empty at nothing, whatever it is given") {
  CHECK(cli::bar(-1) == "[--------------------]");
  CHECK(cli::bar(0.5) == "[##########----------]");
  CHECK(cli::bar(7) == "[####################]");
}

TEST_CASE("a drain that can be withdrawn has no deadline and says so") {
  const auto v = test::view_of(
      R"({"state":"draining","phase":"drained","causes":["manual"],"drain":{"deadline":null,"stop_at":null}})");
  CHECK_THAT(cli::status_screen(v, now, {}), ContainsSubstring("deadline    none: every cause can be withdrawn"));
}

TEST_CASE("a follower that is no terminal gets a line") {
  CHECK(cli::status_line(test::view_of(test::draining_status)) ==
        "draining (quiescing), fragments 12, waiting for fragments: 12 running");
  CHECK(cli::status_line(test::view_of(test::starting_status)) == "starting, fragments unknown");
}
