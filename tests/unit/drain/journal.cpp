#include "agent/drain/journal.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

namespace ebb::drain {
namespace {

struct last_line final : rt::log_sink {
  bool write(std::string_view line) override {
    text = line;
    return true;
  }
  std::string text;
};

struct deaf_init final : rt::supervisor {
  rt::task<rt::result<pair::record>> receive() override { co_return rt::error_code(rt::asio::error::eof); }
  rt::result<void> send(const pair::record&) override { return {}; }
};

}  // namespace

TEST_CASE("what a drain leaves behind is told as it was read, rounded up: a part of a fragment is not none") {
  test::loop loop;
  last_line line;
  deaf_init init;
  rt::logger log(line, loop.clock);
  const config::settings settings;
  struct row {
    core::load is;
    double fragments;
    core::drain_outcome outcome;
    std::uint64_t abandoned;
  };
  for (const auto& r : std::vector<row>{{core::load::busy, 0.4, core::drain_outcome::deadline, 1},
                                        {core::load::busy, 2, core::drain_outcome::hurried, 2},
                                        {core::load::busy, 2.1, core::drain_outcome::deadline, 3},
                                        {core::load::busy, 2, core::drain_outcome::cancelled, 0},
                                        {core::load::idle, 0, core::drain_outcome::deadline, 0},
                                        {core::load::unknown, 0, core::drain_outcome::deadline, 0}}) {
    node n(loop.clock, loop.io.get_executor(), settings);
    journal j(n, log, init);
    n.executor.last = core::sample{{}, r.is, r.fragments, core::source::scrape, {}, {}};
    j.drain_ended(r.outcome);
    CHECK_THAT(line.text, ContainsSubstring("abandoned=" + std::to_string(r.abandoned)));
    CHECK(n.metrics.fragments_abandoned == r.abandoned);
  }
}

}  // namespace ebb::drain
