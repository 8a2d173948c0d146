#include "agent/upstream/executor.hpp"

#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::upstream;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;
const rt::wall_time now{std::chrono::milliseconds(now_ms)};
const std::vector<std::string> names{"busy", "busy_before"};

load_look read(const std::string& page) { return read_load(names, page, false, now); }
std::string at(std::int64_t timestamp) { return " " + std::to_string(timestamp) + "\n"; }

}  // namespace

TEST_CASE("a sample of another moment is unknown, not zero") {
  struct row {
    std::string page;
    core::load is;
  };
  const std::vector<row> rows{
      {"busy 0\n", core::load::idle},
      {"busy 0" + at(now_ms), core::load::idle},
      {"busy 0" + at(now_ms - 60'000), core::load::idle},
      {"busy 0" + at(now_ms + 60'000), core::load::idle},
      {"busy 2" + at(now_ms - 60'000), core::load::busy},
      {"busy 0" + at(now_ms - 60'001), core::load::unknown},
      {"busy 0" + at(now_ms + 60'001), core::load::unknown},
      {"busy 2" + at(now_ms - 60'001), core::load::unknown},
      {"busy 0 1000\n", core::load::unknown},
      {"busy 0 -1\n", core::load::unknown},
      {"busy 0 9223372036854775807\n", core::load::unknown},
      {"busy 0 -9223372036854775808\n", core::load::unknown},
      // One old sample among fresh ones, and one that is given twice.
      {"busy{a=\"1\"} 0" + at(now_ms) + "busy{a=\"2\"} 0 1000\n", core::load::unknown},
      {"busy 0" + at(now_ms) + "busy 0 1000\n", core::load::unknown},
      // The first name that is there counts; a fresh one of another name does not speak for it.
      {"busy 0 1000\nbusy_before 0\n", core::load::unknown},
      {"busy_before 0" + at(now_ms), core::load::idle},
  };
  for (const auto& r : rows) {
    INFO(r.page);
    CHECK(read(r.page).sample.value == r.is);
  }
}

TEST_CASE("what is told of a sample of another moment is its name and its time") {
  CHECK(read("busy 0 1000\n").sample.why == "busy: its timestamp 1000 is more than 60 s from the time of the page");
}

TEST_CASE("query counters of another moment are no evidence") {
  const std::string counters = "exec_started_queries_total 5\nexec_ended_queries_total 3";
  CHECK(read("busy 0\n" + counters + "\n").sample.open_queries == 2);
  CHECK(read("busy 0\n" + counters + " 1000\n").sample.open_queries == std::nullopt);
}
