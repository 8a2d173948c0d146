#include "agent/probes/metrics_page.hpp"

#include "proto/prometheus/exposition_writer.hpp"

namespace ebb::probes {

using core::cause;
using core::load;
using core::state;
using prometheus::exposition_writer;
using prometheus::label_view;

namespace {

template <std::size_t N>
void write_histogram(exposition_writer& w, std::span<const label_view> labels, const core::histogram<N>& h) {
  std::array<prometheus::histogram_bucket, N> buckets{};
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < N; ++i) buckets[i] = {h.bounds[i], below += h.counts[i]};
  w.buckets(labels, buckets, h.sum, h.count);
}

void state_of(exposition_writer& w, const sources& s) {
  const auto& n = s.node;
  w.gauge("ebb_build_info", "What runs here; always 1.");
  w.sample({{"version", s.version}, {"commit", s.commit}}, 1);
  w.gauge("ebb_state", "1 for the present state of the node, 0 for the others.");
  for (int i = 0; i <= static_cast<int>(state::stopped); ++i)
    w.sample({{"state", core::name(static_cast<state>(i))}}, static_cast<state>(i) == n.life.now ? 1 : 0);
  const bool known = n.executor.last && n.executor.last->value != load::unknown;
  if (known) {
    w.gauge("ebb_fragments_active", "Fragments on this executor at the last look; absent when unknown.");
    w.sample(n.executor.last->fragments);
  }
  w.gauge("ebb_fragments_unknown", "1 when the number of fragments is not known.");
  w.sample(known ? 0 : 1);
}

void drains(exposition_writer& w, const drain::node& n) {
  w.counter("ebb_drains_total", "Drains that have ended, by their first cause and by how they ended.");
  for (int c = 0; c < core::cause_count; ++c)
    for (int o = 0; o < core::outcome_count; ++o)
      if (const auto count = n.metrics.drains[static_cast<std::size_t>(c)][static_cast<std::size_t>(o)]; count > 0)
        w.sample({{"cause", core::name(static_cast<cause>(c))},
                  {"outcome", core::name(static_cast<core::drain_outcome>(o))}},
                 static_cast<double>(count));
  w.histogram("ebb_drain_seconds", "Time spent in each phase of drains.");
  for (int p = 1; p <= 3; ++p) {
    const label_view label{"phase", core::name(static_cast<core::phase>(p))};
    write_histogram(w, {&label, 1}, n.metrics.drain_time[static_cast<std::size_t>(p)]);
  }
  w.counter("ebb_drain_fragments_abandoned_total", "Fragments that ran when a drain was cut short.");
  w.sample(static_cast<double>(n.metrics.fragments_abandoned));
  if (n.life.first_irrevocable && n.plan.deadline != rt::time_point::max()) {
    const auto unix_time = [&](rt::time_point t) {
      const std::chrono::duration<double> at = n.clock.wall_now().time_since_epoch() + (t - n.clock.now());
      return at.count();
    };
    w.gauge("ebb_drain_deadline_timestamp_seconds",
            "When the executor has to be gone, in Unix time; absent without a deadline.");
    w.sample(unix_time(n.plan.deadline));
    w.gauge("ebb_drain_deadline_source", "1 for where that deadline is from; absent without a deadline.");
    w.sample({{"source", core::name(n.plan.source)}}, 1);
    w.gauge("ebb_drain_stop_timestamp_seconds",
            "When the executor is told to stop at the latest, in Unix time; absent without a deadline.");
    w.sample(unix_time(n.plan.stop_at));
  }
}

void pod(exposition_writer& w, const sources& s) {
  const auto& p = s.node.pod;
  if (!p.configured) return;
  w.gauge("ebb_pod_watched", "1 while the Kubernetes API tells of the own pod.");
  w.sample(p.answered && p.error.empty() ? 1 : 0);
  w.counter("ebb_events_dropped_total", "Events on the pod that were not sent, or not taken.");
  w.sample(static_cast<double>(s.events_dropped()));
  if (!p.clock_skew) return;
  w.gauge("ebb_api_clock_skew_seconds", "How much the API server's clock is ahead of this machine's.");
  w.sample(std::chrono::duration<double>(*p.clock_skew).count());
}

// Whether there is a list to be on, as the last look was answered. One that failed tells nothing, and who refuses an
// entry has a list.
std::optional<bool> has_list(const keeper::view& v) {
  using keeper::availability;
  if (v.failing_since || v.available == availability::unknown || v.available == availability::off) return std::nullopt;
  return v.available != availability::unavailable;
}

void deny_list(exposition_writer& w, const keeper::view& v) {
  w.gauge("ebb_deny_list_entry", "1 for what is wished of the own entry and what the last look saw.");
  const auto actual = !v.present ? "unknown" : *v.present ? "present" : "absent";
  w.sample({{"wish", core::name(v.wish)}, {"actual", actual}}, 1);
  if (const auto there = has_list(v)) {
    w.gauge("ebb_deny_list_available",
            "1: the last look was answered with a list; 0: this Dremio has none, or the account no right to it; absent "
            "while unknown.");
    w.sample(*there ? 1 : 0);
  }
  w.counter("ebb_deny_list_writes_total", "Times that the list was written.");
  w.sample(v.writes);
  w.counter("ebb_deny_list_lost_updates_total", "Times that the own entry was not as it had been written.");
  w.sample(v.lost);
}

void requests(exposition_writer& w, const sources& s) {
  std::vector<std::pair<std::string_view, core::request_stats>> all;
  for (const auto& u : s.upstreams)
    if (auto stats = u.stats(); stats.configured) all.emplace_back(u.name, std::move(stats));
  w.counter("ebb_requests_total", "Requests, by upstream and outcome.");
  for (const auto& [name, stats] : all)
    for (int o = 0; o < core::request_outcome_count; ++o)
      w.sample({{"upstream", name}, {"outcome", core::name(static_cast<core::request_outcome>(o))}},
               static_cast<double>(stats.requests[static_cast<std::size_t>(o)]));
  w.histogram("ebb_request_seconds", "Time of a request from its start to the end of its answer, or to its failure.");
  for (const auto& [name, stats] : all) {
    const label_view label{"upstream", name};
    write_histogram(w, {&label, 1}, stats.seconds);
  }
  w.gauge("ebb_retry_budget_tokens", "Retries that are left now.");
  for (const auto& [name, stats] : all) w.sample({{"upstream", name}}, stats.budget);
  w.counter("ebb_retry_budget_exhausted_total", "Retries that had to wait because no token was left.");
  for (const auto& [name, stats] : all) w.sample({{"upstream", name}}, static_cast<double>(stats.exhausted));
}

void agent(exposition_writer& w, const sources& s, const process_facts& p) {
  w.counter("ebb_agent_restarts_total", "Agents that init had to replace in this container.");
  w.sample(s.node.life.restarts);
  w.counter("ebb_log_lines_dropped_total", "Log lines that nobody read in time.");
  w.sample(static_cast<double>(s.log_lines_dropped()));
  w.counter("ebb_executor_exits_total", "Ends of the executor: clean (asked for, or code 0), error, signal.");
  for (const auto& [kind, count] : s.node.metrics.executor_exits)
    w.sample({{"kind", kind}}, static_cast<double>(count));
  w.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
  w.sample(p.cpu_seconds);
  w.gauge("process_open_fds", "Number of open file descriptors.");
  w.sample(p.open_fds);
  w.gauge("process_max_fds", "Maximum number of open file descriptors.");
  w.sample(p.max_fds);
  w.gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
  w.sample(p.resident_bytes);
  w.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
  w.sample(p.virtual_bytes);
  w.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
  w.sample(p.start_time_seconds);
}

}  // namespace

std::string metrics_page(const sources& s, const process_facts& process) {
  exposition_writer w;
  state_of(w, s);
  drains(w, s.node);
  pod(w, s);
  deny_list(w, s.keeper.see());
  requests(w, s);
  agent(w, s, process);
  return w.text();
}

}  // namespace ebb::probes
