#include "agent/drain/journal.hpp"

#include <algorithm>
#include <boost/algorithm/string/join.hpp>

#include "agent/core/duration_text.hpp"
#include "agent/core/saved.hpp"

namespace ebb::drain {

using namespace std::chrono_literals;
using core::phase;
using core::state;
using core::text;

namespace {

constexpr rt::duration progress_every = 30s;

// The reason of the pod's Event for a state or a phase that begins.
std::string_view event_reason(state s, phase p) {
  if (p == phase::quiescing) return "Quiescing";
  if (p == phase::drained) return "Drained";
  switch (s) {
    case state::starting: return "Starting";
    case state::admitting: return "Admitting";
    case state::serving: return "Serving";
    case state::paused: return "Paused";
    case state::draining: return "Draining";
    case state::stopping: return "Stopping";
    case state::stopped: return "Stopped";
  }
  return "Changed";
}

}  // namespace

void journal::save() {
  pair::save record;
  record.blob.assign(core::encode(node_.life));
  (void)init_.send(record);
}

void journal::end_phase(phase left) {
  if (left == phase::none) return;
  node_.metrics.drain_time[static_cast<std::size_t>(left)].observe(node_.clock.now() - phase_since_);
}

void journal::transition(state to, phase p, std::string why) {
  auto& life = node_.life;
  if (life.now == to && life.phase == p) return;
  const auto from = life.now;
  const auto left = life.phase;
  end_phase(left);
  phase_since_ = node_.clock.now();
  if (from != to) life.since = node_.clock.now();
  life.now = to;
  life.phase = p;
  log_.info("state", {{"from", core::name(from)},
                      {"to", core::name(to)},
                      {"phase", core::name(p)},
                      {"causes", life.causes.text()},
                      {"reason", why}});
  save();
  tell_pod(event_reason(to, p), sentence(life) + ": " + why, to == state::paused);
  node_.changed.notify();
}

void journal::tell_pod(std::string_view reason, std::string note, bool warning) {
  if (events_) events_({reason, std::move(note), warning, node_.life.causes.any_irrevocable()});
}

void journal::join(core::cause c, std::string reason, rt::time_point at) {
  if (!core::join(node_.life, c, std::move(reason), at)) return;
  log_.info("cause", {{"joined", core::name(c)}, {"causes", node_.life.causes.text()}, {"reason", node_.life.reason}});
  save();
  node_.changed.notify();
}

void journal::withdraw(core::cause c) {
  if (!node_.life.causes.has(c)) return;
  node_.life.causes.remove(c);
  log_.info("cause", {{"withdrawn", core::name(c)}, {"causes", node_.life.causes.text()}});
  save();
  node_.changed.notify();
}

void journal::undrain() {
  if (node_.life.causes.empty()) return;
  const auto before = node_.life.causes.text();
  node_.life.causes.remove_withdrawable();
  log_.info("cause", {{"withdrawn", before}, {"causes", node_.life.causes.text()}});
  save();
  node_.changed.notify();
}

void journal::hook_waits(rt::duration longest) {
  auto& life = node_.life;
  const auto now = node_.clock.now();
  if (life.hook_began && !life.hook_ended && now - *life.hook_began < longest) return;
  life.hook_began = now;
  life.hook_ended.reset();
  save();
}

void journal::hook_ended() {
  node_.life.hook_ended = node_.clock.now();
  save();
}

void journal::hurry(std::string reason) {
  if (node_.life.hurried) return;
  node_.life.hurried = true;
  log_.warning("hurry", {{"reason", std::move(reason)}});
  save();
  node_.changed.notify();
}

void journal::pod_deleted(rt::duration grace, bool clock_believed) {
  const auto left = text(std::max<rt::duration>(0s, *node_.life.pod.kill_at - node_.clock.now()));
  log_.info("pod.deleted", {{"killed_in", left},
                            {"grace", text(grace)},
                            {"clock", clock_believed ? "believed"
                                                     : "not believed: the server's Date does not go with the deletion; "
                                                       "the whole grace counts from now"}});
  if (node_.life.causes.has(core::cause::deletion)) {
    save();
    tell_pod("DeadlineNearer", "the pod is killed in " + left + " now");
    node_.changed.notify();
  }
  join(core::cause::deletion, "the pod is being deleted and will be killed in " + left, node_.clock.now());
}

void journal::pod_not_deleted() {
  if (node_.life.pod.not_deleted || node_.life.pod.kill_at) return;
  node_.life.pod.not_deleted = node_.clock.now();
  log_.info("pod.not_deleted", {{"short", text(node_.settings.drain.short_grace)},
                                {"reason",
                                 "told to end in a pod that is not deleted: its node shuts down, or the "
                                 "container restarts"}});
  save();
  node_.changed.notify();
}

void journal::pod_trouble() {
  if (node_.pod.error.empty())
    log_.info("kubernetes.pod", {{"watched", "true"}});
  else
    log_.warning("kubernetes.pod", {{"error", node_.pod.error}});
}

void journal::disruption() {
  if (node_.pod.disruption.empty()) return;
  log_.info("pod.disruption",
            {{"announced", node_.pod.disruption}, {"reason", "the pod's deletion follows, as a rule"}});
}

void journal::nothing_holds_sigterm() {
  log_.warning("pod.no_hook", {{"reason",
                                "no container of this pod has a preStop hook by httpGet or exec: nothing keeps SIGTERM "
                                "from the executor while its node is drained; see docs/kubernetes.md, Sidecar"}});
}

void journal::node_shuts_down() {
  if (node_.life.pod.node_shutdown) return;
  node_.life.pod.node_shutdown = node_.clock.now();
  log_.warning("node.shutdown",
               {{"short", text(node_.settings.drain.short_grace)}, {"reason", "the node says that it shuts down"}});
  save();
  node_.changed.notify();
}

void journal::node_trouble() {
  if (node_.pod.node_error.empty())
    log_.info("kubernetes.node", {{"watched", "true"}});
  else
    log_.info("kubernetes.node",
              {{"error", node_.pod.node_error}, {"reason", "cordons and taints are not seen; all else works"}});
}

void journal::drain_planned() {
  const auto& p = node_.plan;
  const auto now = node_.clock.now();
  if (p.deadline == rt::time_point::max()) {
    log_.info("drain.plan", {{"stop_at", "none"},
                             {"reason", "causes that can be withdrawn have no deadline"},
                             {"settle", text(p.settle)},
                             {"quiet", text(p.quiet)}});
    return;
  }
  log_.info("drain.plan", {{"stop_at", "t+" + text(p.stop_at - *node_.life.first_irrevocable)},
                           {"kill_at", "t+" + text(p.kill_at - *node_.life.first_irrevocable)},
                           {"left", text(p.stop_at - now)},
                           {"grace", text(p.grace)},
                           {"grace_source", core::name(p.source)},
                           {"reserve", text(p.reserve)},
                           {"settle", text(p.settle)},
                           {"quiet", text(p.quiet)}});
}

// Each half minute, and when the kind of thing that is waited for has changed.
void journal::progress() {
  const auto& waiting = node_.verdict.waiting_for;
  const auto kind = waiting.substr(0, waiting.find(':'));
  const auto now = node_.clock.now();
  if (kind == progress_kind_ && now - progress_at_ < progress_every) return;
  progress_kind_ = kind;
  progress_at_ = now;
  log_.info("drain.progress", {{"waiting_for", waiting.empty() ? "nothing" : waiting},
                               {"since", text(now - node_.life.drain_began)},
                               {"entry", node_.life.verified_since ? "verified" : "not verified"}});
}

void journal::vetoed(double fragments) {
  log_.info("drain.veto", {{"prometheus_fragments", std::to_string(core::whole_fragments(fragments))},
                           {"reason", "it saw work later than the first local zero"}});
}

void journal::drain_ended(core::drain_outcome outcome) {
  auto& m = node_.metrics;
  ++m.drains[static_cast<std::size_t>(node_.life.first_cause)][static_cast<std::size_t>(outcome)];
  const bool cut_short = outcome == core::drain_outcome::deadline || outcome == core::drain_outcome::hurried;
  const auto& last = node_.executor.last;
  const bool busy = last && last->value == core::load::busy;
  const std::uint64_t abandoned = cut_short && busy ? core::whole_fragments(last->fragments) : 0;
  m.fragments_abandoned += abandoned;
  const auto after = text(node_.clock.now() - node_.life.drain_began);
  log_.info("drain.end",
            {{"outcome", core::name(outcome)}, {"after", after}, {"abandoned", std::to_string(abandoned)}});
  node_.outcome = "drain ended: " + std::string(core::name(outcome)) + " after " + after + ", " +
                  std::to_string(abandoned) + " fragments abandoned, causes " + node_.life.causes.text();
  tell_pod("DrainEnded", node_.outcome, abandoned > 0);
}

void journal::executor_live() {
  log_.info("executor.live", {{"pid", std::to_string(node_.executor.pid)},
                              {"after", text(node_.clock.now() - node_.executor.spawned_at)}});
}

void journal::metric_found() {
  if (node_.executor.metric.empty())
    log_.warning("executor.metric",
                 {{"missing", "true"},
                  {"mend", "set executor.metrics to the gauge of running fragments; until then the load is unknown"}});
  else
    log_.info("executor.metric", {{"name", node_.executor.metric}});
}

void journal::executor_signalled() {
  if (node_.sidecar)
    log_.info("executor.let_go", {{"reason", "its hook may end now; the kubelet stops it"}});
  else
    log_.info("executor.signal", {{"signal", node_.settings.executor.stop_signal},
                                  {"deadline_in", text(node_.plan.deadline - node_.clock.now())}});
  save();
}

void journal::executor_exited() {
  const auto& how = *node_.executor.ended;
  const bool ok = !how.by_signal && (how.number == 0 || node_.life.executor_signalled);
  ++node_.metrics.executor_exits[how.by_signal ? "signal" : ok ? "clean" : "error"];
  if (node_.sidecar) return log_.info("executor.exit", {{"port", "refuses connections"}});
  log_.info("executor.exit", {{how.by_signal ? "signal" : "code", std::to_string(how.number)},
                              {"asked", node_.life.executor_signalled ? "true" : "false"}});
}

void journal::entry_taken_off(bool confirmed) {
  if (confirmed)
    log_.info("deny_list.off", {{"entry", node_.name}, {"confirmed", "true"}});
  else
    log_.warning(
        "deny_list.off",
        {{"entry", node_.name}, {"confirmed", "false"}, {"reason", "no time was left; the next start takes it off"}});
}

void journal::entry_left(std::string why) {
  log_.info("deny_list.left", {{"entry", node_.name}, {"reason", std::move(why)}});
}

void journal::stop_signal(std::uint32_t count, bool hurry) {
  log_.info("signal", {{"count", std::to_string(count)},
                       {"means", hurry       ? "hurry"
                                 : count > 1 ? "nothing new"
                                             : "drain"}});
}

void journal::list(keeper::incident i, const keeper::view& v) {
  using keeper::incident;
  node_.life.lost_updates = v.lost;
  node_.life.writes = v.writes;
  node_.life.list_read = v.list_read;
  node_.life.foreign_entry = v.foreign;
  save();
  const std::string wish(core::name(v.wish));
  switch (i) {
    case incident::verified:
      log_.info("deny_list.verified", {{"entry", node_.name},
                                       {"wish", wish},
                                       {"entries", std::to_string(v.entries)},
                                       {"writes", std::to_string(v.writes)}});
      break;
    case incident::confirmed: log_.debug("deny_list.confirmed", {{"entry", node_.name}, {"wish", wish}}); break;
    case incident::lost:
      log_.warning("deny_list.lost", {{"entry", node_.name},
                                      {"lost", std::to_string(v.lost)},
                                      {"beside", boost::algorithm::join(v.lost_beside, ",")},
                                      {"reason", "another writer's snapshot; it is put back and settle begins anew"}});
      break;
    case incident::reclaimed:
      log_.warning(
          "deny_list.reclaimed",
          {{"entry", node_.name},
           {"reason", "it came back within dremio.reclaim: another writer's snapshot; it is taken off again"}});
      break;
    case incident::foreign_appeared:
      log_.warning("deny_list.foreign",
                   {{"entry", node_.name}, {"reason", "somebody else denied this node; that is respected"}});
      break;
    case incident::foreign_gone: log_.info("deny_list.foreign", {{"entry", node_.name}, {"gone", "true"}}); break;
    case incident::unavailable:
      log_.error("deny_list.unavailable",
                 {{"error", v.error},
                  {"reason", "an edition without the list or an account without the right: the metric alone decides"}});
      break;
    case incident::rejected:
      log_.error("deny_list.rejected", {{"entry", node_.name},
                                        {"error", v.error},
                                        {"reason", "Dremio does not take this name: the metric alone decides"},
                                        {"mend", "set dremio.node_name; ebb check shows the names that Dremio knows"}});
      break;
    case incident::not_kept:
      log_.warning("deny_list.not_kept",
                   {{"entry", node_.name},
                    {"wish", wish},
                    {"error", v.error},
                    {"reason",
                     "the coordinator, or what stands in front of it, does not keep what it says yes to; "
                     "tried again with back-off"}});
      break;
    case incident::failing: log_.warning("deny_list.failing", {{"error", v.error}}); break;
    case incident::alone:
      log_.warning(
          "fleet.alone",
          {{"error", v.alone}, {"reason", "the deny list is written for this node alone; all wishes still converge"}});
      break;
    case incident::in_turns: log_.info("fleet.in_turns", {}); break;
    case incident::recovered: log_.info("deny_list.recovered", {{"entries", std::to_string(v.entries)}}); break;
  }
  node_.changed.notify();
}

}  // namespace ebb::drain
