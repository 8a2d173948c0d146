#include "agent/core/judge.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::core;

namespace {

time_point at(duration d) { return time_point(1000s + d); }

sample zero(duration when) { return {at(when), load::idle, 0, source::scrape, {}, {}}; }
sample busy(duration when, double n) { return {at(when), load::busy, n, source::scrape, {}, {}}; }
sample unknown(duration when) { return {at(when), load::unknown, 0, source::scrape, "HTTP 500", {}}; }
sample zero_with_queries(duration when, double open) { return {at(when), load::idle, 0, source::scrape, {}, open}; }

// Zeros each second from `first` to `last`, both included.
void zeros(idle_judge& j, int first, int last) {
  for (int t = first; t <= last; ++t) j.add(zero(std::chrono::seconds(t)));
}

const judge_rules defaults;

}  // namespace

TEST_CASE("released means: verified for settle, and zeros enough over quiet, the last of them after settle") {
  idle_judge j;
  j.begin({});
  j.entry(at(0s));
  zeros(j, 0, 9);
  auto v = j.decide(at(9500ms), defaults, list_rule::enforced);
  CHECK_FALSE(v.idle);
  CHECK(v.waiting_for == "settle: 500 ms left");
  v = j.decide(at(10s), defaults, list_rule::enforced);
  CHECK_FALSE(v.idle);
  CHECK(v.waiting_for == "samples: a zero after settle");
  j.add(zero(10s));
  v = j.decide(at(10s), defaults, list_rule::enforced);
  CHECK(v.idle);
  CHECK(v.waiting_for.empty());
  CHECK(v.zeros == 11);
  CHECK(v.idle_for == 10s);
}

TEST_CASE("a part of a fragment is told as one, not as none") {
  idle_judge j;
  j.begin({});
  j.add(busy(0s, 0.4));
  CHECK(j.decide(at(0s), defaults, list_rule::unavailable).waiting_for == "fragments: 1 running");
}

TEST_CASE("an entry that is not verified never releases, whatever the samples say") {
  idle_judge j;
  j.begin({});
  zeros(j, 0, 3600);
  auto v = j.decide(at(3600s), defaults, list_rule::enforced);
  CHECK_FALSE(v.idle);
  CHECK(v.waiting_for == "deny entry: not verified");
}

TEST_CASE("a loss that was seen starts settle anew") {
  idle_judge j;
  j.begin({});
  j.entry(at(0s));
  zeros(j, 0, 20);
  CHECK(j.decide(at(20s), defaults, list_rule::enforced).idle);
  j.entry(std::nullopt);
  CHECK_FALSE(j.decide(at(20s), defaults, list_rule::enforced).idle);
  j.entry(at(24s));
  zeros(j, 21, 33);
  CHECK_FALSE(j.decide(at(33900ms), defaults, list_rule::enforced).idle);
  j.add(zero(34s));
  CHECK(j.decide(at(34s), defaults, list_rule::enforced).idle);
}

TEST_CASE("ceil(quiet / poll) + 1 zeros suffice, one less does not") {
  struct row {
    duration poll, quiet;
    int enough;
  };
  for (const auto& r : {row{1s, 3s, 4}, row{500ms, 3s, 7}, row{2s, 3s, 3}, row{1s, 2500ms, 4}}) {
    judge_rules rules;
    rules.poll = r.poll;
    rules.quiet = r.quiet;
    idle_judge j;
    j.begin({});
    for (int i = 0; i < r.enough; ++i) {
      CHECK_FALSE(j.decide(at(60s), rules, list_rule::unavailable).idle);
      j.add(zero(i * r.poll));
    }
    CHECK(j.decide(at(60s), rules, list_rule::unavailable).idle);
  }
}

TEST_CASE("busy and unknown both end a run of zeros, and say so") {
  for (const auto& s : {busy(4s, 2), unknown(4s)}) {
    idle_judge j;
    j.begin({});
    zeros(j, 0, 3);
    CHECK(j.decide(at(4s), defaults, list_rule::unavailable).idle);
    j.add(s);
    auto v = j.decide(at(4s), defaults, list_rule::unavailable);
    CHECK_FALSE(v.idle);
    CHECK(v.zeros == 0);
    CHECK(v.waiting_for == (s.value == load::busy ? "fragments: 2 running" : "fragments: unknown (HTTP 500)"));
    zeros(j, 5, 7);
    CHECK_FALSE(j.decide(at(7s), defaults, list_rule::unavailable).idle);
    j.add(zero(8s));
    CHECK(j.decide(at(8s), defaults, list_rule::unavailable).idle);
  }
}

TEST_CASE("no sample at all is not idle") {
  idle_judge j;
  j.begin({});
  auto v = j.decide(at(3600s), defaults, list_rule::unavailable);
  CHECK_FALSE(v.idle);
  CHECK(v.waiting_for == "samples: none yet");
}

TEST_CASE("a run with a hole in it starts anew after the hole") {
  idle_judge j;
  j.begin({});
  zeros(j, 0, 2);
  j.add(zero(30s));
  auto v = j.decide(at(30s), defaults, list_rule::unavailable);
  CHECK_FALSE(v.idle);
  CHECK(v.zeros == 1);
}

TEST_CASE("the same moment counts once") {
  idle_judge j;
  j.begin({});
  for (int i = 0; i < 10; ++i) j.add(zero(1s));
  CHECK(j.decide(at(1s), defaults, list_rule::unavailable).zeros == 1);
}

TEST_CASE("while the coordinator is unreachable the quiet window is longer, and earlier zeros count") {
  idle_judge j;
  j.begin({});
  zeros(j, 0, 29);
  CHECK_FALSE(j.decide(at(29s), defaults, list_rule::unreachable).idle);
  j.add(zero(30s));
  CHECK(j.decide(at(30s), defaults, list_rule::unreachable).idle);
}

TEST_CASE("old_prometheus_busy_after_local_zero_is_no_veto: it vetoes only with what it saw later") {
  idle_judge j;
  j.begin({});
  CHECK_FALSE(j.veto(at(5s), 3));  // no zero yet
  zeros(j, 10, 14);
  CHECK_FALSE(j.veto(at(9s), 3));
  CHECK_FALSE(j.veto(at(10s), 3));
  CHECK_FALSE(j.veto(at(12s), 0));
  CHECK(j.decide(at(14s), defaults, list_rule::unavailable).idle);
  CHECK(j.veto(at(12s), 3));
  CHECK(j.decide(at(14s), defaults, list_rule::unavailable).waiting_for == "fragments: 3 running");
  zeros(j, 15, 18);
  CHECK(j.decide(at(18s), defaults, list_rule::unavailable).idle);
}

TEST_CASE("counters_that_drift_delay_at_most_60s, and only with a baseline") {
  idle_judge j;
  j.begin(2.0);
  for (int t = 0; t < 10; ++t) j.add(zero_with_queries(std::chrono::seconds(t), 3));
  auto v = j.decide(at(10s), defaults, list_rule::unavailable);
  CHECK_FALSE(v.idle);
  CHECK(v.waiting_for == "queries: 1 started and not ended, waiting at most 60 s more");
  for (int t = 10; t <= 70; ++t) j.add(zero_with_queries(std::chrono::seconds(t), 3));
  CHECK_FALSE(j.decide(at(69999ms), defaults, list_rule::unavailable).idle);
  v = j.decide(at(70s), defaults, list_rule::unavailable);
  CHECK(v.idle);
  CHECK(v.counters_gave_up);

  SECTION("a difference not above the baseline does not delay") {
    idle_judge k;
    k.begin(2.0);
    for (int t = 0; t < 10; ++t) k.add(zero_with_queries(std::chrono::seconds(t), 2));
    CHECK(k.decide(at(10s), defaults, list_rule::unavailable).idle);
  }
  SECTION("without a baseline the rule is skipped") {
    idle_judge k;
    k.begin({});
    for (int t = 0; t < 10; ++t) k.add(zero_with_queries(std::chrono::seconds(t), 9));
    CHECK(k.decide(at(10s), defaults, list_rule::unavailable).idle);
  }
}
