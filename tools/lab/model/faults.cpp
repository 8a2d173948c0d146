#include "tools/lab/model/faults.hpp"

#include <algorithm>

namespace ebb::lab {
namespace {

bool meets(const fault_rule& r, const call& c, time_point now) {
  return now >= r.from && now < r.until && (r.method.empty() || r.method == c.method) &&
         c.path().starts_with(r.path_prefix);
}

}  // namespace

verdict faults::judge(const call& c, time_point now) {
  verdict v;
  for (auto& [rule, met, done] : rules_) {
    if (!meets(rule, c, now)) continue;
    ++met;
    if (met < rule.first || met - rule.first >= rule.count) continue;
    if (rule.chance < 1 && random_() >= rule.chance) continue;
    if (rule.what != fault::none && v.what != fault::none) continue;
    ++done;
    v.before += rule.before.at(random_());
    v.after += rule.after.at(random_());
    if (rule.what == fault::none) continue;
    v.what = rule.what;
    if (v.what == fault::status) v.instead = {rule.status, rule.content_type, rule.body, duration{0}};
    if (v.what == fault::not_json)
      v.instead = {200, "text/html", "<!DOCTYPE html><html><body><div id=\"root\"></div></body></html>\n", duration{0}};
  }
  return v;
}

bool faults::down(time_point now) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const armed& a) {
    return a.rule.what == fault::down && now >= a.rule.from && now < a.rule.until;
  });
}

}  // namespace ebb::lab
