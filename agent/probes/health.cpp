#include "agent/probes/health.hpp"

#include <algorithm>

#include "agent/http/url.hpp"

namespace ebb::probes {

std::vector<check> live_checks() { return {{"loop", true, {}}}; }

std::vector<check> ready_checks(const drain::node& n) {
  const auto& life = n.life;
  std::vector<check> all = {
      {"executor", n.executor.live.value_or(false), "the executor is not live: " + n.executor.live_error},
      {"admitted", life.admitted_at.has_value(), "the node has not been taken off the deny list yet"},
      {"drain", !life.causes.any_irrevocable() && !life.ending(),
       "the node is going away because of " + life.causes.text()}};
  if (n.settings.kubernetes.mode == config::kubernetes_mode::required)
    all.push_back({"kubernetes", life.pod.seen, "the API has not told of the pod yet: " + n.pod.error});
  return all;
}

std::vector<check> startup_checks(const drain::node& n) {
  return {{"executor", n.executor.was_live, "the executor has not been live yet: " + n.executor.live_error}};
}

namespace {

http::response text(unsigned status, std::string body) {
  auto r = http::plain(status, std::move(body));
  r.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return r;
}

std::string line(const check& c) {
  const std::string name(c.name);
  return c.ok ? "[+]" + name + " ok\n" : "[-]" + name + " failed: " + c.why + "\n";
}

http::response one_check(std::string_view name, const std::vector<check>& checks) {
  const auto it = std::find_if(checks.begin(), checks.end(), [&](const check& c) { return c.name == name; });
  if (it == checks.end()) return text(404, "there is no check of that name\n");
  return it->ok ? text(200, "ok") : text(500, line(*it));
}

}  // namespace

http::response health_response(std::string_view endpoint, std::string_view target, const std::vector<check>& checks) {
  const auto question = std::min(target.find('?'), target.size());
  const auto path = target.substr(0, question);
  if (path.size() > endpoint.size() + 1) return one_check(path.substr(endpoint.size() + 1), checks);

  bool verbose = false;
  std::vector<std::string> excluded;
  for (auto& [key, value] : http::parse_query(target.substr(std::min(question + 1, target.size())))) {
    if (key == "verbose") verbose = true;
    if (key == "exclude") excluded.push_back(std::move(value));
  }
  bool ok = true;
  std::string lines;
  for (const auto& c : checks) {
    const auto skipped = std::find(excluded.begin(), excluded.end(), c.name);
    if (skipped != excluded.end()) {
      lines += "[+]" + std::string(c.name) + " excluded: ok\n";
      excluded.erase(skipped);
      continue;
    }
    ok = ok && c.ok;
    lines += line(c);
  }
  for (const auto& name : excluded)
    lines += "warn: some health checks cannot be excluded: no matches for \"" + name.substr(0, 60) + "\"\n";
  const std::string end(endpoint.substr(1));
  if (!ok) return text(500, lines + end + " check failed\n");
  return verbose ? text(200, lines + end + " check passed\n") : text(200, "ok");
}

}  // namespace ebb::probes
