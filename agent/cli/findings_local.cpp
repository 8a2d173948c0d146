#include <algorithm>

#include "agent/cli/findings.hpp"
#include "agent/cli/words.hpp"
#include "agent/drain/node.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;

namespace {

// A drain shorter than this protects hardly any query.
constexpr core::duration little = 60s;

bool about_the_grace(const std::string& warning) { return warning.starts_with("drain.grace "); }

std::string after_start(core::time_point at) { return "t+" + span_text(at.time_since_epoch()); }

std::string grace_source(const config::drain_settings& d) {
  if (!d.grace) return "assumed";
  return d.grace_from_old_variables ? "PROMETHEUS_WAIT_TIME x PROMETHEUS_QUERY_MAX_RETRIES" : "configured";
}

std::string plan_text(const core::drain_plan& p, const std::string& source) {
  return span_text(p.grace) + " (" + source + "): stopped at " + after_start(p.stop_at) +
         " at the latest, SIGKILL at " + after_start(p.kill_at) + ", settle " + span_text(p.settle) + ", quiet " +
         span_text(p.quiet) + "; queries that need longer than " + span_text(p.usable) + " are cut";
}

}  // namespace

std::vector<finding> about_configuration(const config::loaded& loaded) {
  std::vector<finding> out;
  for (const auto& w : loaded.warnings) {
    // The grace has a line of its own.
    if (!about_the_grace(w)) out.push_back(warning("configuration", w, {}));
  }
  if (out.empty())
    out.push_back(good("configuration", loaded.file.empty() ? "no file, the environment alone" : loaded.file));
  return out;
}

finding about_grace(const config::settings& s, std::optional<core::duration> of_pod) {
  auto facts = drain::plan_facts_of(s.drain);
  if (of_pod) facts.grace = of_pod;  // what the API says counts
  const auto plan = core::plan_drain(facts);
  const auto text = plan_text(plan, of_pod ? "the pod's" : grace_source(s.drain));
  constexpr auto mend =
      "set drain.grace to the pod's terminationGracePeriodSeconds (chart v2: 720s; chart v3: 120s for classic engines, "
      "10s for managed ones)";
  if (!of_pod && (!s.drain.grace || s.drain.grace_from_old_variables)) return warning("drain.grace", text, mend);
  if (plan.usable < little)
    return warning("drain.grace", text,
                   "raise terminationGracePeriodSeconds where longer queries run, and drain.grace with it");
  return good("drain.grace", text);
}

std::vector<finding> about_proxies(const config::environment& env) {
  std::string set;
  for (std::string_view name : {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"})
    if (!config::value_of(env, name).empty()) set.append(set.empty() ? "" : ", ").append(name);
  if (set.empty()) return {};
  return {warning("proxy", set + " set and not used: Ebb connects directly",
                  "nothing where the checks below are ok, else open the direct way")};
}

}  // namespace ebb::cli
