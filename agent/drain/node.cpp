#include "agent/drain/node.hpp"

namespace ebb::drain {

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
  f.hook_outlived_grace = d.grace && n.oldest_open_hook && n.life.first_irrevocable &&
                          *n.life.first_irrevocable - *n.oldest_open_hook >= *d.grace - core::kubelet_slack;
  return f;
}

bool means_hurry(const node& n, rt::time_point first, rt::time_point last) {
  return !n.settings.pod.in_kubernetes && last - first >= std::chrono::seconds(1);
}

}  // namespace ebb::drain
