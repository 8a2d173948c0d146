#include "agent/core/plan.hpp"

#include <algorithm>

namespace ebb::core {

std::string_view name(deadline_source s) {
  switch (s) {
    case deadline_source::deletion: return "deletion";
    case deadline_source::short_grace: return "short";
    case deadline_source::configured: return "configured";
    case deadline_source::assumed: return "assumed";
    case deadline_source::operator_wish: return "operator";
  }
  return "assumed";
}

duration derive_reserve(duration grace) {
  return std::min(std::clamp<duration>(grace / 6, 5s, 120s), std::max(duration{0}, grace / 2));
}

time_point dump_moment(time_point stop_at, time_point deadline) {
  return deadline - std::clamp<duration>((deadline - stop_at) / 2, 0s, 2s);
}

time_point kill_moment(time_point stop_at, time_point deadline) {
  return deadline - std::clamp<duration>((deadline - stop_at) / 4, 0s, 1s);
}

namespace {

// Rows a, c and d of the table in docs/kubernetes.md, then f, which shrinks: the whole grace from first_irrevocable on.
void choose_grace(drain_plan& p, const plan_facts& facts) {
  if (facts.kill_at) {
    p.grace = *facts.kill_at - facts.first_irrevocable;
    p.source = deadline_source::deletion;
  } else if (facts.not_deleted) {
    p.grace = facts.short_grace;
    p.source = deadline_source::short_grace;
  } else {
    p.grace = facts.grace.value_or(assumed_grace);
    p.source = facts.grace ? deadline_source::configured : deadline_source::assumed;
  }
  if (facts.node_shutdown) {
    const auto until_down = *facts.node_shutdown - facts.first_irrevocable + facts.short_grace;
    if (until_down < p.grace) p.source = deadline_source::short_grace;
    p.grace = std::min(p.grace, until_down);
  }
  p.grace = std::max(duration{0}, p.grace);
}

// It only shrinks. What an operator made smaller than what has passed still leaves the executor its reserve from now
// on; the API's deadline leaves what it leaves.
void keep_promise(drain_plan& p, const plan_facts& facts) {
  if (!facts.promised) return;
  const auto needed = facts.reserve.value_or(derive_reserve(p.grace)) + kubelet_slack;
  if (!facts.kill_at) p.grace = std::max(p.grace, facts.elapsed + needed);
  p.grace = std::min(p.grace, *facts.promised);
}

// Before this no kubelet kills: of a deletion the API may tell before the kubelet does, and the kubelet counts from
// then.
time_point soonest_kill(const plan_facts& facts) {
  if (facts.told) return *facts.told + kubelet_least;
  return facts.kill_learned.value_or(facts.first_irrevocable) + kubelet_lag + kubelet_least;
}

// The deadline is a little before the end of the grace: 2 s, or a quarter where there is little of it left.
time_point deadline_of(const drain_plan& p, const plan_facts& facts) {
  const auto end = facts.first_irrevocable + p.grace;
  const auto known = facts.kill_learned.value_or(facts.first_irrevocable);
  const auto room = std::clamp<duration>(end - known, 0s, p.grace);
  auto deadline = std::max(end - std::min(kubelet_slack, room / 4), std::max(known, facts.first_irrevocable) + 500ms);
  if (facts.kill_at) deadline = std::max(deadline, soonest_kill(facts) - kubelet_least / 4);
  return deadline;
}

}  // namespace

drain_plan plan_drain(const plan_facts& facts) {
  drain_plan p;
  choose_grace(p, facts);
  keep_promise(p, facts);
  p.reserve = facts.reserve ? std::clamp<duration>(*facts.reserve, 0s, p.grace / 2) : derive_reserve(p.grace);
  p.usable = std::max(duration{0}, p.grace - p.reserve - kubelet_slack);
  p.settle = std::min(facts.settle, p.usable / 3);
  p.quiet = std::min(facts.quiet, p.usable / 6);
  p.samples = p.usable < 6s ? std::min(facts.samples, 2) : facts.samples;
  p.deadline = deadline_of(p, facts);
  p.stop_at = facts.first_irrevocable + p.usable;
  if (facts.hook_outlived_grace || facts.gone) {
    // The kubelet sends SIGTERM when the hook has used the grace up, or the pod is deleted by force, and SIGKILL 2 s
    // later, whatever is left.
    p.stop_at = facts.told.value_or(facts.first_irrevocable);
    p.deadline = p.stop_at + kubelet_least;
    p.usable = 0s;
  }
  p.kill_at = kill_moment(p.stop_at, p.deadline);
  p.dump_at = dump_moment(p.stop_at, p.deadline);
  return p;
}

drain_plan plan_without_deadline(const plan_facts& facts) {
  drain_plan p;
  p.settle = facts.settle;
  p.quiet = facts.quiet;
  p.samples = facts.samples;
  p.usable = duration::max();
  p.stop_at = p.dump_at = p.kill_at = p.deadline = time_point::max();
  return p;
}

duration derive_deny_patience(std::optional<duration> configured, std::optional<duration> usable) {
  if (configured) return *configured;
  return usable ? std::min<duration>(60s, *usable / 4) : duration{60s};
}

std::optional<duration> fleet_patience(std::optional<duration> usable) {
  return usable ? std::optional<duration>(*usable / 8) : std::nullopt;
}

duration lonely_quiet(std::optional<duration> usable) {
  return usable ? std::min<duration>(30s, *usable / 3) : duration{30s};
}

}  // namespace ebb::core
