#include "agent/drain/watch.hpp"

#include <algorithm>

namespace ebb::drain {

using namespace std::chrono_literals;
using core::load;
using core::state;

namespace {

// A veto must not hold the grid up: an answer that is later than this comes too late for this poll.
constexpr rt::duration veto_patience = 1s;

}  // namespace

rt::time_point next_on_grid(rt::time_point origin, rt::duration step, rt::time_point now) {
  if (now < origin) return origin;
  return origin + ((now - origin) / step + 1) * step;
}

rt::time_point watch::next_due() const {
  const auto now = node_.clock.now();
  if (node_.life.draining()) return next_on_grid(node_.life.drain_began, node_.settings.drain.poll, now);
  if (node_.life.ending() || !node_.executor.live.value_or(false)) return now + look_while_starting;
  if (!node_.executor.last) return now;
  return now + (node_.sidecar ? look_beside : look_while_serving);
}

rt::task<> watch::run() {
  while (!node_.executor_ended()) {
    const bool draining = node_.life.draining();
    if (draining) {
      // The first sample of a drain is due at its beginning; later ones where the grid says.
      const auto step = node_.settings.drain.poll;
      const auto elapsed = node_.clock.now() - node_.life.drain_began;
      co_await sample_draining(node_.life.drain_began + (elapsed / step) * step);
    } else if (node_.life.ending() && !node_.sidecar) {
      co_await node_.changed.wait();
      continue;
    } else if (node_.life.ending()) {
      co_await look_for_end();
    } else if (!node_.executor.live.value_or(false)) {
      co_await look_live();
    } else {
      co_await look_serving();
    }
    // A drain that begins meanwhile does not wait for the next look of a serving node.
    const rt::deadline due(node_.clock, next_due());
    while (!due.passed() && !node_.executor_ended() && node_.life.draining() == draining)
      co_await node_.changed.wait(due);
  }
}

rt::task<bool> watch::still_there() {
  const auto look = co_await executor_.look_live(rt::deadline::after(node_.clock, upstream::executor_timeout));
  co_return look.answer != upstream::live_answer::refused;
}

rt::task<> watch::look_live() {
  const auto look = co_await executor_.look_live(rt::deadline::never(node_.clock));
  const bool live = look.answer == upstream::live_answer::live;
  const bool news = node_.executor.live != live;
  node_.executor.live = live;
  node_.executor.live_error = look.error;
  if (live && !node_.executor.was_live) {
    node_.executor.was_live = true;
    journal_.executor_live();
  }
  if (news) node_.changed.notify();
}

// Beside the executor's container nobody tells that it has ended, but its port does: refused, when it may end.
rt::task<> watch::look_for_end() {
  if (!node_.sidecar || !node_.life.causes.any_irrevocable()) co_return;
  if (co_await still_there() || node_.executor_ended()) co_return;
  node_.executor.ended = pair::ending{};
  node_.executor.ended_at = node_.clock.now();
  node_.executor.live = false;
  journal_.executor_exited();
  node_.changed.notify();
}

rt::task<> watch::look_serving() {
  const auto look = co_await executor_.look_load(rt::deadline::never(node_.clock));
  took(look);
  if (look.sample.value == load::idle && look.sample.open_queries) {
    auto& lowest = node_.life.baseline;
    lowest = std::min(lowest.value_or(*look.sample.open_queries), *look.sample.open_queries);
  }
  if (look.sample.value == load::unknown) co_await look_live();
  node_.changed.notify();
}

void watch::took(const upstream::load_look& look) {
  node_.executor.last = look.sample;
  node_.executor.last->at = node_.clock.now();
  if (!look.answered || (told_metric_ && look.metric == node_.executor.metric)) return;
  told_metric_ = true;
  node_.executor.metric = look.metric;
  journal_.metric_found();
}

rt::task<> watch::sample_draining(rt::time_point due) {
  auto look = co_await executor_.look_load(rt::deadline::never(node_.clock));
  took(look);
  if (!node_.life.draining()) co_return;
  look.sample.at = due;
  if (look.sample.value == load::unknown) {
    co_await look_for_end();
    if (!co_await stand_in()) node_.judge.add(look.sample);
  } else {
    node_.judge.add(look.sample);
    if (look.sample.value == load::idle && node_.life.phase != core::phase::drained) co_await ask_for_veto();
  }
  node_.changed.notify();
}

// Prometheus speaks for an executor that cannot be scraped. False: it cannot either.
rt::task<bool> watch::stand_in() {
  if (!prometheus_.configured()) co_return false;
  const auto history = co_await prometheus_.look(rt::deadline::never(node_.clock));
  if (!history.judged.fresh) co_return false;
  const auto& samples = history.judged.samples;
  const auto last_before = node_.judge.last() ? node_.judge.last()->at : rt::time_point::min();
  for (std::size_t i = samples.size() - core::stand_in_samples; i < samples.size(); ++i) {
    core::sample s;
    s.at = history.at[i];
    s.value = samples[i].value > 0 ? load::busy : load::idle;
    s.fragments = samples[i].value;
    s.from = core::source::prometheus;
    // A sample is told apart by Prometheus' own time of it; on our clock it moves by up to a second from look to look.
    if (samples[i].at <= told_by_prometheus_) continue;
    told_by_prometheus_ = samples[i].at;
    if (s.at > last_before || node_.judge.last()->from == core::source::scrape) node_.judge.add(s);
  }
  node_.executor.last = core::sample{history.at.back(),
                                     samples.back().value > 0 ? load::busy : load::idle,
                                     samples.back().value,
                                     core::source::prometheus,
                                     {},
                                     {}};
  co_return true;
}

rt::task<> watch::ask_for_veto() {
  if (!prometheus_.configured()) co_return;
  const auto history = co_await prometheus_.look(rt::deadline::after(node_.clock, veto_patience));
  if (history.at.empty()) co_return;
  if (node_.judge.veto(history.at.back() + upstream::history_slack, history.judged.samples.back().value))
    journal_.vetoed(history.judged.samples.back().value);
}

}  // namespace ebb::drain
