#include "agent/upstream/prometheus.hpp"

#include <array>
#include <map>

#include "agent/http/date.hpp"
#include "agent/upstream/secret_reader.hpp"
#include "config/secret.hpp"
#include "proto/prometheus/promql.hpp"
#include "proto/prometheus/query_result.hpp"

namespace ebb::upstream {

namespace {

history not_fresh(std::string why) {
  history h;
  h.judged.why = std::move(why);
  return h;
}

// The first name in the order of Dremio's releases that has a sample; samples of several series of it are added up
// where their times agree.
std::vector<core::raw_sample> samples_of(const prometheus::query_result& result,
                                         const std::vector<std::string>& names) {
  for (const auto& name : names) {
    std::map<core::unix_ms, double> sums;
    for (const auto& series : result.series)
      if (series.label("__name__") == name)
        for (const auto& p : series.points) sums[p.at] += p.value;
    if (sums.empty()) continue;
    std::vector<core::raw_sample> out;
    for (const auto& [at, value] : sums) out.push_back({at, value});
    return out;
  }
  return {};
}

}  // namespace

std::string selector_of(const config::settings& s) {
  if (!s.prometheus.selector.empty()) return s.prometheus.selector;
  if (!s.pod.name_space.empty() && !s.pod.name.empty()) {
    const std::array<prometheus::matcher, 2> matchers = {{{"namespace", s.pod.name_space}, {"pod", s.pod.name}}};
    return prometheus::exact_matchers(matchers);
  }
  if (s.pod.ip.empty()) return {};
  auto port = s.prometheus.instance_port;
  if (port.empty())
    if (auto url = http::parse_base_url(s.executor.admin_url)) port = std::to_string(url->port);
  const auto host = s.pod.ip.find(':') == std::string::npos ? s.pod.ip : "[" + s.pod.ip + "]";
  const auto instance = host + ":" + port;
  const std::array<prometheus::matcher, 1> matchers = {{{"instance", instance}}};
  return prometheus::exact_matchers(matchers);
}

void prometheus_server::configure(const config::settings& settings) {
  names_ = settings.executor.metrics;
  token_file_ = settings.prometheus.token_file;
  const auto selector = selector_of(settings);
  query_ = selector.empty() ? std::string() : prometheus::range_selector(names_, selector, history_range);
}

rt::task<history> prometheus_server::look(rt::deadline dl) {
  if (query_.empty())
    co_return not_fresh(
        "prometheus.selector: nothing tells this executor from others; set it, or POD_NAME and POD_NAMESPACE");
  http::request request;
  request.target = "/api/v1/query?query=" + http::percent_encode(query_);
  request.headers = {{"Accept", "application/json"}};
  if (!token_file_.empty()) {
    auto token = config::read_secret_file(token_file_, "prometheus.token_file", reader_of(files_));
    if (!token.ok()) co_return not_fresh(token.error);
    request.headers.emplace_back("Authorization", "Bearer " + token.value);
  }
  auto answer = co_await server_.call(std::move(request), dl.sooner(prometheus_timeout));
  if (!answer) co_return not_fresh("Prometheus: " + describe(answer));
  auto result = prometheus::parse_query_result(answer->body);
  if (!result) {
    server_.complain(result.error().what);
    co_return not_fresh("Prometheus: " + result.error().what);
  }
  const auto date = http::find_header(answer->headers, "Date");
  const auto now = date ? http::parse_date(*date) : std::nullopt;
  if (!now) co_return not_fresh("Prometheus: the answer has no Date header");
  if (!result->warnings.empty()) co_return not_fresh("Prometheus: " + result->warnings.front());

  // The header is cut to whole seconds; the latest moment it can mean makes samples look older, never newer.
  const core::unix_ms latest_now = *now + std::chrono::duration_cast<std::chrono::milliseconds>(history_slack);
  history h;
  h.judged = core::judge_stand_in(samples_of(*result, names_), latest_now);
  const auto here = server_.clock().now();
  for (const auto& s : h.judged.samples) h.at.push_back(here - (latest_now - s.at));
  co_return h;
}

}  // namespace ebb::upstream
