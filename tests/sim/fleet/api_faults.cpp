#include "tests/sim/fleet/api_faults.hpp"

#include <limits>

namespace ebb::sim {

bool of_watches_alone(api_fault f) { return f >= api_fault::expired; }

namespace {

bool meets(const api_fault_rule& rule, const api_request& r, std::string_view agent, rt::time_point now) {
  return now >= rule.from && now < rule.until && (rule.verb.empty() || rule.verb == r.verb) &&
         (rule.resource.empty() || rule.resource == r.resource) && (rule.agent.empty() || rule.agent == agent) &&
         (!of_watches_alone(rule.what) || r.verb == "watch");
}

}  // namespace

api_verdict api_faults::judge(const api_request& r, std::string_view agent, rt::time_point now) {
  api_verdict v;
  for (auto& [rule, met, done] : rules_) {
    if (!meets(rule, r, agent, now)) continue;
    ++met;
    if (met < rule.first || met - rule.first >= rule.count) continue;
    if (rule.chance < 1 && !random_.chance(rule.chance)) continue;
    if (rule.what != api_fault::none && v.what != api_fault::none) continue;
    ++done;
    v.takes += random_.between(rule.least, rule.most);
    if (rule.what == api_fault::none) continue;
    v.what = rule.what;
    v.retry_after = rule.retry_after;
    v.lasts = random_.between(0ns, rule.lasts);
  }
  return v;
}

void api_faults::add_honest_ones(double chance, rt::time_point from, rt::time_point until) {
  for (int n = 0; n <= static_cast<int>(api_fault::stalls); ++n) {
    const auto what = static_cast<api_fault>(n);
    if (what == api_fault::not_found || what == api_fault::conflict || what == api_fault::rubbish ||
        what == api_fault::huge)
      continue;
    api_fault_rule rule;
    rule.what = what;
    rule.from = from;
    rule.until = until;
    rule.chance = chance;
    rule.lasts = 30s;
    if (what == api_fault::none) rule.most = 4s;
    add(rule);
  }
}

}  // namespace ebb::sim
