#include "agent/drain/node.hpp"

namespace ebb::drain {

namespace {

// The kubelet sends SIGTERM at once when a preStop hook has ended, and in some seconds when it has much to do.
constexpr rt::duration term_after_hook = std::chrono::seconds(10);

// SIGTERM at that time found a hook waiting that has used the grace up.
bool outlived_grace(const node& n, rt::time_point told) {
  const auto grace = known_grace(n);
  if (!grace || !n.life.hook_began || n.life.hook_ended) return false;
  const auto waited = told - *n.life.hook_began;
  return waited >= *grace - core::kubelet_slack && waited <= *grace + term_after_hook;
}

}  // namespace

core::plan_facts plan_facts_of(const config::drain_settings& d) {
  core::plan_facts f;
  f.grace = d.grace;
  f.short_grace = d.short_grace;
  f.reserve = d.reserve;
  f.settle = d.settle;
  f.quiet = d.quiet;
  f.samples = d.samples;
  return f;
}

core::plan_facts plan_facts_of(const node& n) {
  const auto& d = n.settings.drain;
  auto f = plan_facts_of(d);
  const auto& word = n.life.pod;
  f.grace = known_grace(n);
  f.kill_at = word.kill_at;
  f.kill_learned = word.kill_learned;
  f.told = n.first_stop_signal;
  f.gone = n.life.causes.has(core::cause::disappeared) && n.life.causes.has(core::cause::sigterm);
  f.not_deleted = word.not_deleted.has_value();
  f.node_shutdown = word.node_shutdown;
  // What was planned before the API spoke is provisional: its word replaces it once, even upward.
  const bool told = f.kill_at || f.not_deleted;
  if (n.life.grace_told || !told) f.promised = n.life.grace;
  f.first_irrevocable = n.life.first_irrevocable.value_or(n.clock.now());
  f.elapsed = n.clock.now() - f.first_irrevocable;
  f.hook_outlived_grace = n.life.first_irrevocable && outlived_grace(n, *n.life.first_irrevocable);
  return f;
}

std::optional<rt::duration> known_grace(const node& n) {
  return n.settings.drain.grace ? std::optional<rt::duration>(*n.settings.drain.grace) : n.life.pod.grace;
}

std::optional<rt::duration> longest_hook(const node& n) {
  auto facts = plan_facts_of(n.settings.drain);
  facts.grace = known_grace(n);
  if (!facts.grace) return std::nullopt;
  return core::plan_drain(facts).usable;
}

rt::time_point grace_began(const node& n, rt::time_point told) {
  const auto& life = n.life;
  const auto grace = known_grace(n);
  if (!grace || !life.hook_began || told < *life.hook_began) return told;
  const bool of_kubelet = life.hook_ended ? told - *life.hook_ended <= term_after_hook
                                          : told - *life.hook_began < *grace - core::kubelet_slack;
  return of_kubelet ? *life.hook_began : told;
}

bool means_hurry(const node& n, rt::time_point first, rt::time_point last) {
  return !n.settings.pod.in_kubernetes && last - first >= std::chrono::seconds(1);
}

}  // namespace ebb::drain
