#include "agent/rt/log.hpp"

#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

namespace ebb::rt {
namespace {

struct full_at_will final : log_sink {
  bool write(std::string_view line) override {
    if (!full) lines.emplace_back(line.substr(line.find("event=")));
    return !full;
  }
  bool full = false;
  std::vector<std::string> lines;
};

TEST_CASE("a line below the level is not written", "[log]") {
  test::loop loop;
  full_at_will sink;
  logger log(sink, loop.clock);
  log.debug("poll");
  log.info("state", {{"to", "serving"}});
  CHECK(sink.lines == std::vector<std::string>{"event=state to=serving\n"});
  log.set(core::log_level::debug, core::log_format::logfmt);
  log.debug("poll");
  CHECK(sink.lines.size() == 2);
}

TEST_CASE("lines that the sink refuses are counted, and said when it takes lines again", "[log]") {
  test::loop loop;
  full_at_will sink;
  logger log(sink, loop.clock);
  sink.full = true;
  log.info("a");
  log.info("b");
  CHECK(log.dropped() == 2);
  sink.full = false;
  log.info("c");
  sink.full = true;
  log.info("d");
  sink.full = false;
  log.info("e");
  CHECK(log.dropped() == 3);
  CHECK(sink.lines == std::vector<std::string>{"event=log_lines_dropped lines=2 total=2\n", "event=c\n",
                                               "event=log_lines_dropped lines=1 total=3\n", "event=e\n"});
}

}  // namespace
}  // namespace ebb::rt
