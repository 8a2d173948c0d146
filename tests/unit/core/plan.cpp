#include "agent/core/plan.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::core;

namespace {

const time_point t0(1000s);

drain_plan with_grace(duration grace) {
  plan_facts f;
  f.grace = grace;
  f.first_irrevocable = t0;
  return plan_drain(f);
}

}  // namespace

TEST_CASE("everything is derived from the grace") {
  struct row {
    duration grace, reserve, usable, settle, quiet;
    int samples;
  };
  for (const auto& r : {
           row{720s, 120s, 598s, 10s, 3s, 3},  // chart v2
           row{600s, 100s, 498s, 10s, 3s, 3},
           row{120s, 20s, 98s, 10s, 3s, 3},        // chart v3, classic engines
           row{30s, 5s, 23s, 23000ms / 3, 3s, 3},  // Kubernetes' default
           row{15s, 5s, 8s, 8000ms / 3, 8000ms / 6, 3},
           row{10s, 5s, 3s, 1s, 500ms, 2},  // chart v3, managed engines
           row{4s, 2s, 0s, 0s, 0s, 2},      // nothing left: stop at once
           row{0s, 0s, 0s, 0s, 0s, 2},
           row{7200s, 120s, 7078s, 10s, 3s, 3},
       }) {
    const auto p = with_grace(r.grace);
    INFO("grace " << r.grace.count());
    CHECK(p.reserve == r.reserve);
    CHECK(p.usable == r.usable);
    CHECK(std::chrono::abs(p.settle - r.settle) < 2ms);
    CHECK(std::chrono::abs(p.quiet - r.quiet) < 2ms);
    CHECK(p.samples == r.samples);
    CHECK(p.stop_at == t0 + r.usable);
  }
}

TEST_CASE("the executor is dumped, then killed, then gone, each before the kubelet would") {
  for (duration grace : {10s, 15s, 30s, 120s, 720s}) {
    const auto p = with_grace(grace);
    CHECK(p.stop_at <= p.dump_at);
    CHECK(p.dump_at <= p.kill_at);
    CHECK(p.kill_at < p.deadline);
    CHECK(p.deadline == t0 + grace - 2s);
  }
  const auto p = with_grace(720s);
  CHECK(p.dump_at == t0 + 716s);
  CHECK(p.kill_at == t0 + 717s);
}

TEST_CASE("a tiny grace is used up to a quarter of it") {
  for (duration grace : {1s, 2s, 3s, 8s}) {
    const auto p = with_grace(grace);
    INFO("grace " << grace.count());
    CHECK(p.deadline == t0 + grace * 3 / 4);
    CHECK(p.deadline - p.stop_at >= p.reserve);
  }
}

TEST_CASE("a grace that was promised only shrinks") {
  plan_facts f;
  f.first_irrevocable = t0;
  f.promised = 30s;
  for (std::optional<duration> grace : {std::optional<duration>(90s), std::optional<duration>()}) {
    f.grace = grace;
    CHECK(plan_drain(f).deadline == t0 + 28s);
  }
  f.grace = 20s;
  CHECK(plan_drain(f).deadline == t0 + 18s);
  f.grace = 10s;  // is over already: its reserve of 5 s is left
  f.elapsed = 12s;
  CHECK(plan_drain(f).grace == 19s);
  CHECK(plan_drain(f).stop_at == t0 + 12s);
  f.elapsed = 28s;
  CHECK(plan_drain(f).deadline == t0 + 28s);
}

TEST_CASE("a grace that is not configured is assumed, and said to be") {
  plan_facts f;
  f.first_irrevocable = t0;
  const auto p = plan_drain(f);
  CHECK(p.grace == 600s);
  CHECK(name(p.source) == "assumed");
  CHECK(name(with_grace(600s).source) == "configured");
}

TEST_CASE("a configured reserve is kept, up to half of the grace") {
  plan_facts f;
  f.grace = 100s;
  f.first_irrevocable = t0;
  f.reserve = 30s;
  CHECK(plan_drain(f).usable == 68s);
  f.reserve = 90s;
  CHECK(plan_drain(f).usable == 48s);
}

TEST_CASE("SIGTERM at the end of a hook that used the grace up stops at once, within the kubelet's 2 s") {
  plan_facts f;
  f.grace = 100s;
  f.first_irrevocable = t0;
  f.hook_outlived_grace = true;
  const auto p = plan_drain(f);
  CHECK(p.stop_at == t0);
  CHECK(p.deadline == t0 + 2s);
  CHECK(p.kill_at < p.deadline);
}

TEST_CASE("a withdrawable drain has no deadline") {
  const auto p = plan_without_deadline({});
  CHECK(p.stop_at == time_point::max());
  CHECK(p.deadline == time_point::max());
  CHECK(p.settle == 10s);
}

TEST_CASE("an unreachable coordinator is waited for a quarter of the usable time, at most 60 s") {
  CHECK(derive_deny_patience({}, 98s) == 24500ms);
  CHECK(derive_deny_patience({}, 598s) == 60s);
  CHECK(derive_deny_patience({}, {}) == 60s);
  CHECK(derive_deny_patience(5s, 598s) == 5s);
  CHECK(lonely_quiet(598s) == 30s);
  CHECK(lonely_quiet(60s) == 20s);
  CHECK(lonely_quiet({}) == 30s);
}

TEST_CASE("of a pod that is forced out, the executor gets what the kubelet leaves: 2 s from SIGTERM on") {
  plan_facts f;
  f.first_irrevocable = f.kill_at.emplace(t0);
  f.kill_learned = t0;
  auto p = plan_drain(f);
  CHECK(p.stop_at == t0);
  CHECK(p.deadline == t0 + kubelet_lag + 1500ms);  // SIGTERM is still to come
  f.told = t0 + 1s;
  p = plan_drain(f);
  CHECK(p.deadline == t0 + 2500ms);
  CHECK(p.kill_at > t0 + 1800ms);
  f.told = t0;
  CHECK(plan_drain(f).deadline == t0 + 1500ms);
}
