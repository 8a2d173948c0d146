#include "agent/core/pod_word.hpp"

#include "agent/core/plan.hpp"
#include "tests/support/catch.hpp"

using namespace ebb::core;

namespace {

const time_point t0(1000s);
const wall_time noon(1'790'000'000'000ms);

plan_facts deleted(duration grace, time_point first = t0) {
  plan_facts f;
  f.first_irrevocable = first;
  f.kill_at = first + grace;
  f.kill_learned = f.told = first;
  return f;
}

}  // namespace

TEST_CASE("the moment of the kill is counted on the server's clock and told on ours") {
  struct row {
    duration left, grace, at;
    bool believed;
  };
  for (const auto& r : std::vector<row>{{30s, 30s, 30s, true},
                                        {12s, 30s, 12s, true},
                                        {35s, 30s, 35s, true},      // whole seconds, and a proxy's clock
                                        {36s, 30s, 30s, false},     // more than there can be
                                        {-4s, 30s, -4s, true},      // shortened so that it is over
                                        {-600s, 30s, -600s, true},  // the kubelet was away
                                        {-601s, 30s, 30s, false},
                                        {-24h * 3650, 30s, 30s, false},
                                        {24h * 3650, 30s, 30s, false}}) {
    INFO("left " << r.left.count());
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(r.left);
    const auto k = when_killed({noon + left, r.grace}, noon, t0);
    CHECK(k.at == t0 + r.at);
    CHECK(k.clock_believed == r.believed);
  }
  const auto without_date = when_killed({noon, 30s}, std::nullopt, t0);
  CHECK(without_date.at == t0 + 30s);
  CHECK_FALSE(without_date.clock_believed);
  const auto far = when_killed({wall_time(253'402'300'799'000ms), 30s}, noon, t0);  // the year 9999
  CHECK(far.at == t0 + 30s);
}

TEST_CASE("a deletion that has just been told of began just now") {
  struct row {
    duration left, grace;
    bool odd;
  };
  for (const auto& r : std::vector<row>{{30s, 30s, false},
                                        {35s, 30s, false},
                                        {36s, 30s, true},
                                        {25s, 30s, false},
                                        {24s, 30s, true},
                                        {-60s, 0s, true},
                                        {24h * 3650, 30s, true},
                                        {-24h * 3650, 30s, true}}) {
    INFO("left " << r.left.count());
    CHECK(deletion_is_odd({noon + std::chrono::duration_cast<std::chrono::milliseconds>(r.left), r.grace}, noon) ==
          r.odd);
  }
}

TEST_CASE("a deletion only comes nearer, and not by a clock's odd second") {
  pod_word w;
  CHECK(take_deletion(w, t0 + 30s, t0));
  CHECK_FALSE(take_deletion(w, t0 + 60s, t0 + 1s));
  CHECK_FALSE(take_deletion(w, t0 + 29s, t0 + 2s));
  CHECK(w.kill_at == t0 + 30s);
  CHECK(take_deletion(w, t0 + 9s, t0 + 3s));
  CHECK(w.kill_at == t0 + 9s);
  CHECK(w.kill_learned == t0 + 3s);
}

TEST_CASE("a: the deletion is the deadline, whatever is configured") {
  auto f = deleted(720s);
  f.grace = 30s;
  const auto p = plan_drain(f);
  CHECK(name(p.source) == "deletion");
  CHECK(p.deadline == t0 + 718s);
  CHECK(p.stop_at == t0 + 598s);
}

TEST_CASE("a: a hook or a signal before the deletion was known does not lengthen it") {
  auto f = deleted(30s);
  f.first_irrevocable = t0 - 3s;
  CHECK(plan_drain(f).deadline == t0 + 28s);
}

TEST_CASE("a: a grace that shrinks leaves what it leaves, and the executor is told at once") {
  auto f = deleted(30s);
  f.promised = 30s;
  f.kill_at = t0 + 12s;  // told ten seconds into it: two are left
  f.kill_learned = t0 + 10s;
  f.elapsed = 10s;
  const auto p = plan_drain(f);
  CHECK(p.stop_at <= t0 + 10s);
  CHECK(p.deadline == t0 + 11500ms);
  CHECK(p.kill_at < p.deadline);

  f.kill_at = t0 + 5s;  // over already
  const auto over = plan_drain(f);
  CHECK(over.stop_at <= t0 + 10s);
  CHECK(over.deadline == t0 + 10500ms);
}

TEST_CASE("a: what was planned before may be replaced upward once, and then only shrinks") {
  auto f = deleted(720s);
  CHECK(plan_drain(f).deadline == t0 + 718s);  // the caller leaves `promised` out the first time
  f.promised = 15s;
  CHECK(plan_drain(f).deadline == t0 + 15s - 2s);
}

TEST_CASE("c: a container that is told to end in a pod that is not deleted has the short grace") {
  plan_facts f;
  f.grace = 720s;
  f.not_deleted = true;
  f.first_irrevocable = t0;
  const auto p = plan_drain(f);
  CHECK(name(p.source) == "short");
  CHECK(p.deadline == t0 + 13s);
  CHECK(p.stop_at == t0 + 8s);
}

TEST_CASE("f: a node that shuts down only shrinks the deadline, from when that was learned") {
  auto f = deleted(720s);
  f.node_shutdown = t0 + 100s;
  CHECK(plan_drain(f).deadline == t0 + 113s);
  CHECK(name(plan_drain(f).source) == "short");
  f.node_shutdown = t0 - 5s;
  CHECK(plan_drain(f).deadline == t0 + 8s);
  f.kill_at = t0 + 6s;
  CHECK(plan_drain(f).deadline == t0 + 4500ms);
  CHECK(name(plan_drain(f).source) == "deletion");
}
