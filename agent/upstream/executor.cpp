#include "agent/upstream/executor.hpp"

#include <boost/asio/error.hpp>

#include "agent/core/duration_text.hpp"
#include "agent/http/date.hpp"
#include "proto/prometheus/exposition_reader.hpp"

namespace ebb::upstream {

namespace {

// From 25.2 a second witness: queries whose fragments were accepted here, and queries that were let go.
const std::string started_queries = "exec_started_queries_total";
const std::string ended_queries = "exec_ended_queries_total";

http::request get(std::string target) {
  http::request r;
  r.target = std::move(target);
  // Without it simpleclient 0.16 might choose OpenMetrics; a filter by name is not used, since 0.7 answers it with an
  // empty page.
  r.headers = {{"Accept", "text/plain;version=0.0.4"}};
  return r;
}

// Why the time of a reading is not that of its page; empty when it is.
std::string untimely(const prometheus::gauge_reading& g, rt::wall_time now) {
  for (const auto& stamp : {g.oldest, g.newest}) {
    if (!stamp) continue;
    // Compared without a difference: the stamp may be any number.
    const auto here = now.time_since_epoch();
    const std::chrono::milliseconds there(*stamp);
    if (there < here - sample_age_limit || there > here + sample_age_limit)
      return "its timestamp " + std::to_string(*stamp) + " is more than " + core::text(sample_age_limit) +
             " from the time of the page";
  }
  return {};
}

// Both families are created with the first query: absent is zero, as long as the page is one that has such counters.
std::optional<double> open_queries(const prometheus::gauge_reading& started, const prometheus::gauge_reading& ended,
                                   rt::wall_time now) {
  if (!untimely(started, now).empty() || !untimely(ended, now).empty()) return std::nullopt;
  if (started.absent() && ended.absent()) return std::nullopt;
  const auto s = started.absent() ? std::optional(0.0) : started.value();
  const auto e = ended.absent() ? std::optional(0.0) : ended.value();
  return s && e ? std::optional(*s - *e) : std::nullopt;
}

}  // namespace

load_look read_load(const std::vector<std::string>& names, std::string_view page, bool ended_by_close,
                    rt::wall_time now) {
  std::vector<std::string> wanted = names;
  wanted.push_back(started_queries);
  wanted.push_back(ended_queries);
  const auto found = prometheus::find_gauges(
      page, wanted, ended_by_close ? prometheus::last_line::must_end : prometheus::last_line::may_lack_newline);
  load_look out;
  out.sample.from = core::source::scrape;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (found[i].absent()) continue;
    out.metric = names[i];
    const auto late = untimely(found[i], now);
    if (const auto value = found[i].value(); value && late.empty()) {
      out.sample.value = *value > 0 ? core::load::busy : core::load::idle;
      out.sample.fragments = *value;
      out.sample.open_queries = open_queries(found[names.size()], found[names.size() + 1], now);
    } else {
      out.sample.why = names[i] + ": " + (late.empty() ? found[i].doubt() : late);
    }
    return out;
  }
  out.sample.why = "none of the metrics is on the page";
  return out;
}

rt::task<live_look> executor_port::look_live(rt::deadline dl) {
  auto answer = co_await server_.call(get("/live"), dl.sooner(executor_timeout));
  if (answer && answer->status == 200) co_return live_look{live_answer::live, {}};
  const auto why = describe(answer);
  if (answer) co_return live_look{live_answer::not_live, why};
  if (answer.error() == rt::asio::error::connection_refused) co_return live_look{live_answer::refused, why};
  co_return live_look{live_answer::unknown, why};
}

rt::task<load_look> executor_port::look_load(rt::deadline dl) {
  auto answer = co_await server_.call(get("/metrics"), dl.sooner(executor_timeout));
  if (!answer || answer->status != 200) {
    load_look out;
    out.sample.why = describe(answer);
    co_return out;
  }
  const auto date = http::find_header(answer->headers, "Date");
  const auto there = date ? http::parse_date(*date) : std::nullopt;
  auto out = read_load(metrics_, answer->body, answer->ended_by_close, there.value_or(server_.clock().wall_now()));
  out.answered = true;
  if (out.sample.value == core::load::unknown) server_.complain(out.sample.why);
  co_return out;
}

}  // namespace ebb::upstream
