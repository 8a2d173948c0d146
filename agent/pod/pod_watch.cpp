#include "agent/pod/pod_watch.hpp"

#include <algorithm>

namespace ebb::pod {

using namespace std::chrono_literals;
using core::cause;

namespace {

rt::duration as_duration(std::chrono::seconds s) { return s; }

}  // namespace

rt::task<> pod_watch::run() {
  node_.pod.configured = api_.configured() && !node_.pod.name.empty();
  if (!node_.pod.configured) {
    node_.pod.error =
        api_.configured() ? "the pod's name is not known: set POD_NAME by the downward API" : api_.missing();
    co_return;
  }
  co_await watch_.run(api_.collection("/api/v1", "pods"), node_.pod.name);
}

// Whether the answer would change anything: a deadline that is known by the deletion only comes nearer by the watch.
bool pod_watch::signal_asks() const {
  const auto& life = node_.life;
  const bool told = life.causes.has(cause::sigterm) || life.causes.has(cause::hook);
  return told && !life.pod.kill_at && !life.causes.has(cause::disappeared) && !life.ending();
}

rt::task<> pod_watch::look_when_asked() {
  if (!api_.configured() || node_.pod.name.empty()) co_return;
  bool for_sigterm = false, answered = false;
  for (;;) {
    const bool sigterm = node_.life.causes.has(cause::sigterm);  // after a hook it is another question
    const bool asked = deletion_doubted_ || (signal_asks() && !(answered && sigterm == for_sigterm));
    if (!asked && absent_since_ && !node_.life.causes.has(cause::disappeared)) {
      co_await api_.clock().sleep_until(*absent_since_ + second_absence);
    } else if (!asked) {
      answered = answered && signal_asks();
      co_await node_.changed.wait();
      continue;
    }
    for_sigterm = sigterm;
    answered = co_await look();
    if (!answered) co_await api_.clock().sleep_for(api_.pause_before_retry(std::nullopt));
  }
}

rt::task<bool> pod_watch::look() {
  if (!api_.configured() || node_.pod.name.empty()) co_return false;
  const auto limit = rt::deadline::after(api_.clock(), answer_patience);
  const auto r = co_await api_.get(api_.collection("/api/v1", "pods", node_.pod.name), limit);
  const moment at{api_.clock().now(), r.date};
  if (r.outcome == core::api_outcome::missing) {
    deletion_doubted_ = false;
    absent(at.received);
    co_return node_.life.causes.has(cause::disappeared);
  }
  if (r.outcome != core::api_outcome::ok) co_return false;
  const auto pod = kubernetes::parse_pod(r.body);
  const auto error = pod ? not_asked_for(*pod) : pod.error();
  if (error) {
    api_.complain(error->what);
    co_return false;
  }
  deletion_doubted_ = false;
  saw(*pod, at);
  // Row c of the deadline's table, unless it comes so late that its 15 s are over: then they were not the grace.
  const auto& first = node_.life.first_irrevocable;
  const bool in_time = first && at.received - *first < node_.settings.drain.short_grace - core::kubelet_slack;
  if (!pod->meta.deletion_timestamp && node_.life.causes.has(cause::sigterm) && in_time &&
      !node_.life.causes.has(cause::disappeared))
    journal_.pod_not_deleted();
  co_return true;
}

proto::result<std::string> pod_watch::listed(std::string_view body, const moment& at) {
  auto pods = kubernetes::parse_pod_list(body);
  if (!pods) return pods.error();
  if (pods->items.empty())
    absent(at.received);
  else if (auto error = not_asked_for(pods->items.front()))
    return std::move(*error);
  else
    saw(pods->items.front(), at);
  return std::move(pods->resource_version);
}

proto::result<void> pod_watch::changed(std::string_view object, const moment& at) {
  const auto pod = kubernetes::parse_pod(object);
  if (!pod) return pod.error();
  if (auto error = not_asked_for(*pod)) return std::move(*error);
  saw(*pod, at);
  return {};
}

// Of an earlier pod of this name it says nothing.
proto::result<void> pod_watch::deleted(std::string_view object, const moment&) {
  const auto pod = kubernetes::parse_pod(object);
  if (!pod) return pod.error();
  if (auto error = not_asked_for(*pod)) return std::move(*error);
  const bool ours = node_.pod.uid.empty() || pod->meta.uid == node_.pod.uid;
  if (ours && known_to_be_ours()) disappeared("the API server has removed the pod");
  return {};
}

// A server that answers with another pod has not answered.
std::optional<proto::parse_error> pod_watch::not_asked_for(const kubernetes::pod& pod) const {
  return another_object(pod.meta, node_.pod.name, api_.name_space());
}

void pod_watch::trouble(std::string_view error) {
  if (node_.pod.error == error) return;
  node_.pod.error = error;
  journal_.pod_trouble();
}

// Without a uid from the downward API, a pod that was never seen under this name may be another's name.
bool pod_watch::known_to_be_ours() const { return node_.life.pod.seen || !node_.settings.pod.uid.empty(); }

void pod_watch::absent(rt::time_point at) {
  if (!known_to_be_ours()) {
    no_pod_told_ = true;
    trouble("there is no pod " + node_.pod.name + " in namespace " + api_.name_space() +
            "; set POD_NAME and POD_NAMESPACE by the downward API");
    return;
  }
  if (!absent_since_) {
    absent_since_ = at;
    node_.changed.notify();
  }
  if (at - *absent_since_ >= second_absence) disappeared("the API server knows no pod of this name any more");
}

void pod_watch::disappeared(std::string why) { journal_.join(cause::disappeared, std::move(why), api_.clock().now()); }

void pod_watch::saw(const kubernetes::pod& pod, const moment& at) {
  if (node_.pod.uid.empty()) node_.pod.uid = pod.meta.uid;
  if (pod.meta.uid != node_.pod.uid) return disappeared("another pod has this pod's name");
  const bool was_absent = std::exchange(absent_since_, std::nullopt).has_value();
  if (std::exchange(no_pod_told_, false) || was_absent) trouble({});
  journal_.withdraw(cause::disappeared);  // a uid never comes back: that it had gone was a lie
  if (!std::exchange(node_.pod.answered, true)) saw_hooks(pod);
  node_.life.pod.seen = true;
  if (at.server) node_.pod.clock_skew = rt::duration(*at.server - node_.clock.wall_now());
  if (pod.grace) node_.life.pod.grace = as_duration(*pod.grace);
  if (const auto* owner = kubernetes::controller_of(pod.meta)) node_.pod.fleet = owner->name;
  saw_disruption(pod);
  saw_annotation(pod);
  saw_deletion(pod, at);
  node_.changed.notify();
}

// A sidecar stands beside an executor that the kubelet signals: only a hook holds that back.
void pod_watch::saw_hooks(const kubernetes::pod& pod) {
  if (!node_.sidecar) return;
  const auto holds = [](const kubernetes::pre_stop_hook& h) {
    return h.kind == kubernetes::hook_kind::http_get || h.kind == kubernetes::hook_kind::exec;
  };
  if (std::ranges::none_of(pod.pre_stop, holds)) journal_.nothing_holds_sigterm();
}

void pod_watch::saw_disruption(const kubernetes::pod& pod) {
  const auto& d = pod.disruption_target;
  const auto told = d && d->status == "True" ? d->reason : std::string();
  if (told == node_.pod.disruption) return;
  node_.pod.disruption = told;
  journal_.disruption();
}

void pod_watch::saw_annotation(const kubernetes::pod& pod) {
  const bool asks = kubernetes::value_of(pod.meta.annotations, drain_annotation) == "true";
  if (asks)
    journal_.join(cause::annotation, "the pod's annotation " + std::string(drain_annotation), api_.clock().now());
  else
    journal_.withdraw(cause::annotation);
}

void pod_watch::saw_deletion(const kubernetes::pod& pod, const moment& at) {
  if (!pod.meta.deletion_timestamp) return;
  const auto grace = pod.meta.deletion_grace ? pod.meta.deletion_grace : pod.grace;
  const core::deletion d{*pod.meta.deletion_timestamp, grace ? as_duration(*grace) : core::assumed_grace};
  auto kill = core::when_killed(d, at.server, at.received);
  if (at.guessed && at.server && core::deletion_is_odd(d, *at.server) && core::is_nearer(node_.life.pod, kill.at)) {
    // Until the look that is asked for now, the whole grace: a moment that is known only ever comes nearer. It began
    // when the container was told to end, at the latest.
    deletion_doubted_ = true;
    kill = core::when_killed(d, std::nullopt, at.received);
    if (node_.first_stop_signal) kill.at = std::min(kill.at, *node_.first_stop_signal + d.grace);
  }
  if (!core::take_deletion(node_.life.pod, kill.at, at.received)) return;
  journal_.pod_deleted(d.grace, kill.clock_believed);
}

}  // namespace ebb::pod
