#include "agent/drain/node.hpp"

namespace ebb::drain {

namespace {

// The kubelet sends SIGTERM at once when a preStop hook has ended.
constexpr rt::duration term_after_hook = std::chrono::seconds(2);

}  // namespace

core::plan_facts plan_facts_of(const config::drain_settings& d) {
  core::plan_facts f;
  f.grace = d.grace;
  f.reserve = d.reserve;
  f.settle = d.settle;
  f.quiet = d.quiet;
  f.samples = d.samples;
  return f;
}

core::plan_facts plan_facts_of(const node& n) {
  const auto& d = n.settings.drain;
  auto f = plan_facts_of(d);
  f.promised = n.life.grace;
  f.first_irrevocable = n.life.first_irrevocable.value_or(n.clock.now());
  f.hook_outlived_grace = d.grace && n.hook && !n.hook->ended && n.life.first_irrevocable &&
                          *n.life.first_irrevocable - n.hook->began >= *d.grace - core::kubelet_slack;
  return f;
}

std::optional<rt::duration> longest_hook(const config::drain_settings& d) {
  if (!d.grace) return std::nullopt;
  return core::plan_drain(plan_facts_of(d)).usable;
}

rt::time_point grace_began(const node& n, rt::time_point told) {
  const bool of_kubelet = n.settings.drain.grace && n.hook && n.hook->ended && told >= *n.hook->ended &&
                          told - *n.hook->ended <= term_after_hook;
  return of_kubelet ? n.hook->began : told;
}

bool means_hurry(const node& n, rt::time_point first, rt::time_point last) {
  return !n.settings.pod.in_kubernetes && last - first >= std::chrono::seconds(1);
}

}  // namespace ebb::drain
