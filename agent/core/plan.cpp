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

drain_plan plan_drain(const plan_facts& facts) {
  drain_plan p;
  p.source = facts.grace ? deadline_source::configured : deadline_source::assumed;
  p.grace = std::max(duration{0}, facts.grace.value_or(assumed_grace));
  if (facts.promised) {
    // It only shrinks; made smaller than what has passed, it still leaves the executor its reserve from now on.
    const auto needed = facts.reserve.value_or(derive_reserve(p.grace)) + kubelet_slack;
    p.grace = std::min(std::max(p.grace, facts.elapsed + needed), *facts.promised);
  }
  p.reserve = facts.reserve ? std::clamp<duration>(*facts.reserve, 0s, p.grace / 2) : derive_reserve(p.grace);
  p.usable = std::max(duration{0}, p.grace - p.reserve - kubelet_slack);
  p.settle = std::min(facts.settle, p.usable / 3);
  p.quiet = std::min(facts.quiet, p.usable / 6);
  p.samples = p.usable < 6s ? std::min(facts.samples, 2) : facts.samples;
  p.deadline = facts.first_irrevocable + std::max<duration>(500ms, p.grace - std::min(kubelet_slack, p.grace / 4));
  p.stop_at = facts.first_irrevocable + p.usable;
  if (facts.hook_outlived_grace) {
    // The kubelet sends SIGTERM when the hook has used the grace up, and SIGKILL 2 s later, whatever is left.
    p.stop_at = facts.first_irrevocable;
    p.deadline = facts.first_irrevocable + kubelet_slack;
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

duration lonely_quiet(std::optional<duration> usable) {
  return usable ? std::min<duration>(30s, *usable / 3) : duration{30s};
}

}  // namespace ebb::core
