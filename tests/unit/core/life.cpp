#include "agent/core/life.hpp"

#include <cmath>

#include "agent/core/duration_text.hpp"
#include "agent/core/rfc3339.hpp"
#include "agent/core/saved.hpp"
#include "agent/core/stand_in.hpp"
#include "tests/support/catch.hpp"

using namespace ebb::core;

namespace {
const time_point t0(1000s);
}

TEST_CASE("the first irrevocable cause starts the clock, and a later one does not start it again") {
  life l;
  CHECK(join(l, cause::manual, "maintenance", t0));
  CHECK_FALSE(l.first_irrevocable);
  CHECK(join(l, cause::sigterm, "told to end", t0 + 5s));
  CHECK(l.first_irrevocable == t0 + 5s);
  CHECK(join(l, cause::deletion, "deleted", t0 + 9s));
  CHECK(l.first_irrevocable == t0 + 5s);
  CHECK(l.first_cause == cause::manual);
  CHECK_FALSE(join(l, cause::sigterm, "again", t0 + 10s));
  CHECK(l.causes.text() == "manual,sigterm,deletion");
}

TEST_CASE("undrain withdraws what can be withdrawn, and says why the rest cannot") {
  life l;
  CHECK(undrain_refusal(l).empty());
  join(l, cause::hook, "hook", t0);
  CHECK(undrain_refusal(l).empty());
  join(l, cause::sigterm, "told", t0);
  CHECK_THAT(undrain_refusal(l), ContainsSubstring("told to end"));
  l = {};
  join(l, cause::disappeared, "gone", t0);
  CHECK_THAT(undrain_refusal(l), ContainsSubstring("going away"));
  l = {};
  l.now = state::paused;
  CHECK_THAT(undrain_refusal(l), ContainsSubstring("somebody else"));
  l.now = state::stopping;
  CHECK_THAT(undrain_refusal(l), ContainsSubstring("being stopped"));
  cause_set s{cause::manual, cause::hook, cause::sigterm};
  s.remove_withdrawable();
  CHECK(s == cause_set{cause::sigterm});
}

TEST_CASE("a sidecar is told to stop only what its hook or its kubelet will stop") {
  life l;
  CHECK_THAT(stop_refusal_beside(l), ContainsSubstring("delete the pod"));
  join(l, cause::manual, "a person", t0);
  join(l, cause::disappeared, "not found", t0);
  CHECK_FALSE(stop_refusal_beside(l).empty());
  for (const auto c : {cause::hook, cause::sigterm, cause::deletion}) {
    life stopped = l;
    join(stopped, c, "it ends", t0);
    CHECK(stop_refusal_beside(stopped).empty());
  }
  l.now = state::stopping;
  CHECK(stop_refusal_beside(l).empty());
}

TEST_CASE("a reason is cut at 200 bytes, never within a character") {
  CHECK(cut_reason(std::string(200, 'x')).size() == 200);
  CHECK(cut_reason(std::string(500, 'x')).size() == 200);
  std::string text(199, 'x');
  text += "é and more";
  CHECK(cut_reason(text) == std::string(199, 'x'));
}

TEST_CASE("a reason is a line of well-formed UTF-8, whatever bytes were given") {
  CHECK(cut_reason("caf\xe9 \xff") == "caf\uFFFD \uFFFD");
  CHECK(cut_reason("a\nb\x1b[31m\x7f") == "a b [31m ");
  CHECK(cut_reason(std::string(300, '\xff')).size() == 198);
}

TEST_CASE("a life survives being saved") {
  life l;
  l.now = state::draining;
  l.phase = phase::quiescing;
  l.causes = {cause::hook, cause::sigterm};
  l.first_cause = cause::hook;
  l.reason = std::string(200, 'r');
  l.since = t0;
  l.drain_began = t0 + 1ns;
  l.first_irrevocable = t0 + 2s;
  l.grace = 30s;
  l.grace_told = l.pod.seen = true;
  l.pod.grace = 720s;
  l.pod.kill_at = t0 + 700s;
  l.pod.kill_learned = t0 + 1s;
  l.pod.not_deleted = t0 + 2s;
  l.pod.node_shutdown = t0 + 4s;
  l.hook_began = t0 - 1s;
  l.hook_ended = t0;
  l.verified_since = t0 + 3s;
  l.admitted_at = t0 - 500s;
  l.baseline = -2.5;
  l.list_read = l.foreign_entry = l.hurried = l.executor_signalled = true;
  l.lost_updates = 7;
  l.writes = 1u << 31;
  l.restarts = 3;
  const auto bytes = encode(l);
  CHECK(bytes.size() <= saved_limit);
  CHECK(decode_life(bytes) == l);
  CHECK(decode_life(encode(life{})) == life{});

  SECTION("what is cut short, of another version or out of range is refused") {
    for (std::size_t n = 0; n + l.reason.size() < bytes.size(); ++n) CHECK_FALSE(decode_life({bytes.data(), n}));
    auto other = bytes;
    other[0] = std::byte{99};
    CHECK_FALSE(decode_life(other));
    other = bytes;
    other[1] = std::byte{7};
    CHECK_FALSE(decode_life(other));
    CHECK_FALSE(decode_life(std::vector<std::byte>(saved_limit + 1)));
  }
}

TEST_CASE("Prometheus stands in with three distinct fresh timestamps and nothing less") {
  const unix_ms now(1'000'000s);
  const auto sample = [&](std::chrono::seconds ago, double v) { return raw_sample{now - ago, v}; };
  CHECK(judge_stand_in({sample(25s, 0), sample(15s, 0), sample(5s, 0)}, now).fresh);
  CHECK(judge_stand_in({sample(5s, 0), sample(25s, 0), sample(15s, 1)}, now).fresh);  // order does not matter
  CHECK_FALSE(judge_stand_in({sample(15s, 0), sample(5s, 0)}, now).fresh);
  CHECK_FALSE(judge_stand_in({sample(15s, 0), sample(15s, 0), sample(5s, 0)}, now).fresh);
  CHECK(judge_stand_in({sample(40s, 0), sample(30s, 0), sample(20s, 0)}, now).fresh);
  CHECK_FALSE(judge_stand_in({sample(41s, 0), sample(31s, 0), sample(21s, 0)}, now).fresh);
  CHECK_FALSE(judge_stand_in({sample(25s, 0), sample(15s, 0), sample(5s, -1)}, now).fresh);
  CHECK_FALSE(judge_stand_in({sample(25s, 0), sample(15s, std::nan("")), sample(5s, 0)}, now).fresh);
  // Dated in the future: on a busy node such zeros would never get old.
  CHECK(judge_stand_in({sample(20s, 0), sample(10s, 0), sample(0s, 0)}, now).fresh);
  const auto ahead = judge_stand_in({sample(15s, 0), sample(5s, 0), sample(-5s, 0)}, now);
  CHECK_FALSE(ahead.fresh);
  CHECK(ahead.why == "Prometheus' newest sample is 5.0 s ahead of Prometheus' own clock");
  // The interval is a median: one scrape that was missed does not double it.
  const auto s = judge_stand_in({sample(80s, 0), sample(35s, 0), sample(25s, 0), sample(15s, 0), sample(5s, 0)}, now);
  CHECK(s.interval == 10s);
  CHECK_FALSE(judge_stand_in({}, now).fresh);
}

TEST_CASE("durations and times read well") {
  CHECK(text(0ms) == "0 ms");
  CHECK(text(210ms) == "210 ms");
  CHECK(text(4290ms) == "4.2 s");
  CHECK(text(598s) == "598 s");
  CHECK(text(7380s) == "2 h 3 min");
  CHECK(text(-1500ms) == "-1.5 s");
  CHECK(rfc3339(wall_time(0ms)) == "1970-01-01T00:00:00.000Z");
  CHECK(rfc3339(wall_time(1'795'604'109'123ms)) == "2026-11-25T10:55:09.123Z");
  CHECK(rfc3339(wall_time(-1ms)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("states, phases and causes have the names of the interface") {
  CHECK(name(state::starting) == "starting");
  CHECK(name(state::stopped) == "stopped");
  CHECK(name(phase::none).empty());
  CHECK(name(phase::drained) == "drained");
  CHECK(name(cause::disappeared) == "disappeared");
  life l;
  l.now = state::draining;
  l.phase = phase::denying;
  l.causes = {cause::node};
  CHECK(sentence(l) == "draining (denying) because of node");
}
