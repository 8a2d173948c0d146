#include "agent/init/policy.hpp"

#include <csignal>

#include "config/signals.hpp"

namespace ebb::init {

core::supervise_policy policy_of(const config::settings& s) {
  core::supervise_policy p;
  p.grace = s.drain.grace;
  p.reserve = s.drain.reserve;
  p.stop_signal = config::signal_number(s.executor.stop_signal).value_or(SIGTERM);
  p.success_codes = s.executor.success_codes;
  for (const auto& name : s.executor.forward) {
    if (auto signo = config::signal_number(name)) p.forward.push_back(*signo);
  }
  p.in_kubernetes = s.pod.in_kubernetes;
  return p;
}

}  // namespace ebb::init
