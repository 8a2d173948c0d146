#include "agent/pod/events.hpp"

#include <algorithm>

#include "proto/kubernetes/event.hpp"

namespace ebb::pod {

bool events::granted(rt::time_point now) {
  if (refilled_ == rt::time_point{}) refilled_ = now;
  tokens_ = std::min(event_burst, tokens_ + std::chrono::duration<double>(now - refilled_) / event_refill);
  refilled_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

void events::add(drain::pod_event e) {
  if (!node_.pod.configured) return;
  const bool allowed = granted(api_.clock().now()) || e.always;
  if (!allowed || waiting_.size() >= most_waiting) {
    ++dropped_;
    return;
  }
  waiting_.push_back({std::move(e), api_.clock().wall_now(), api_.clock().now() + event_delay});
  changed_.notify();
}

std::string event_body(const drain::pod_event& e, const kubernetes::object_meta& pod, rt::wall_time at,
                       std::uint32_t number) {
  constexpr std::uint32_t nanoseconds_in_one = 1'000'000;
  kubernetes::event out;
  out.name = kubernetes::event_name(pod.name, at + std::chrono::nanoseconds(number % nanoseconds_in_one));
  out.name_space = pod.name_space;
  out.time = at;
  out.type = e.warning ? kubernetes::event_type::warning : kubernetes::event_type::normal;
  out.controller = event_controller;
  out.instance = pod.name;
  out.action = e.reason;
  out.reason = e.reason;
  out.note = e.note;
  out.regarding = {"v1", "Pod", pod.name, pod.uid};
  return kubernetes::write_event(out);
}

std::string events_path(const upstream::api_server& api) { return api.collection("/apis/events.k8s.io/v1", "events"); }

rt::task<> events::run() {
  const auto target = events_path(api_);
  for (;;) {
    // The server wants the pod's uid, which the first look tells where the downward API does not.
    while (waiting_.empty() || node_.pod.uid.empty()) co_await (waiting_.empty() ? changed_ : node_.changed).wait();
    while (!flushing_ && api_.clock().now() < waiting_.front().due)
      co_await changed_.wait(rt::deadline(api_.clock(), waiting_.front().due));
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    sending_ = true;
    kubernetes::object_meta own;
    own.name = node_.pod.name;
    own.name_space = api_.name_space();
    own.uid = node_.pod.uid;
    const auto dl = rt::deadline::after(api_.clock(), event_timeout);
    const auto r = co_await api_.call("POST", target, event_body(next.what, own, next.at, ++sent_), dl);
    sending_ = false;
    if (r.outcome != core::api_outcome::ok) ++dropped_;
    changed_.notify();
  }
}

rt::task<> events::flush(rt::deadline dl) {
  flushing_ = true;
  changed_.notify();
  while ((sending_ || !waiting_.empty()) && !node_.pod.uid.empty() && !dl.passed()) co_await changed_.wait(dl);
}

}  // namespace ebb::pod
