#include <cmath>

#include "agent/cli/findings.hpp"
#include "agent/cli/words.hpp"

namespace ebb::cli {

namespace {

std::string figure(double value) {
  return std::floor(value) == value ? std::to_string(static_cast<long long>(value)) : std::to_string(value);
}

std::string listed(std::span<const std::string> names) {
  std::string out;
  for (const auto& n : names) out.append(out.empty() ? "" : ", ").append(n);
  return out;
}

}  // namespace

finding about_live(const upstream::live_look& look, const std::string& url) {
  using upstream::live_answer;
  switch (look.answer) {
    case live_answer::live: return good("executor.live", url + "/live: registered with the cluster");
    case live_answer::not_live:
      return failure("executor.live", url + "/live: " + look.error,
                     "the executor is not healthy: look at its log; is this its admin port?");
    case live_answer::refused:
      return failure("executor.live", "nobody listens at " + url,
                     "start the executor with -Dservices.web-admin.port=9010 (`ebb run` does), or set "
                     "executor.admin_url");
    case live_answer::unknown: break;
  }
  return failure("executor.live", url + "/live: " + look.error, "is executor.admin_url right?");
}

finding about_metric(const upstream::load_look& look, std::span<const std::string> names) {
  if (look.sample.value != core::load::unknown)
    return good("executor.metric", look.metric + " = " + figure(look.sample.fragments));
  if (look.metric.empty())
    return failure("executor.metric", look.sample.why + " (" + listed(names) + ")",
                   "without it the load is unknown and a drain lasts to its deadline: set executor.metrics");
  return failure("executor.metric", look.sample.why, "a value that is none is unknown: look at /metrics");
}

finding about_history(const upstream::history& seen, const std::string& query, rt::time_point now) {
  const auto& judged = seen.judged;
  if (!judged.fresh)
    return warning("prometheus", judged.why + (query.empty() ? std::string() : ", asked for " + query),
                   "until then only the executor's own page speaks; check prometheus.url and prometheus.selector");
  return good("prometheus", counted(static_cast<std::int64_t>(judged.samples.size()), "sample") + ", every " +
                                span_text(judged.interval) + ", the newest " + span_text(now - seen.at.back()) +
                                " old: " + figure(judged.samples.back().value));
}

}  // namespace ebb::cli
