// stopping, stopped: the executor is told to end, and what has to be said afterwards is said.
#include <algorithm>
#include <csignal>

#include "agent/drain/life_cycle.hpp"
#include "config/signals.hpp"

namespace ebb::drain {

using namespace std::chrono_literals;
using core::cause;
using core::phase;
using core::state;

namespace {

// After the executor's end the agent has at most this long (contract with init), and stays a little below it.
constexpr rt::duration farewell = 9s;

}  // namespace

rt::task<> life_cycle::run() {
  while (!node_.executor_ended()) {
    auto& life = node_.life;
    if (node_.steps_aside()) co_return co_await step_aside();
    if (life.ending()) {
      co_await stop();
      if (node_.steps_aside()) continue;
      break;
    }
    if (!node_.executor.was_live && life.causes.stops_executor() && !life.draining() &&
        !co_await ports_.still_there()) {
      enter(state::stopping, phase::none, "the executor was told to end before it was live");
    } else if (life.hurried && !life.draining()) {
      enter(state::stopping, phase::none, "asked to stop now");
    } else if (life.causes.empty() && !life.draining()) {
      co_await serve();
    } else {
      co_await drain();
    }
  }
  co_await leave();
}

// Init does the rest by the plan that it has been sent: a thread dump 2 s and SIGKILL 1 s before the deadline, which
// may come nearer yet.
rt::task<> life_cycle::stop() {
  const auto began = node_.clock.now();
  const bool hurried = node_.life.hurried;
  auto deadline = rt::time_point::max();
  for (;;) {
    node_.plan = core::plan_drain(plan_facts_of(node_));
    node_.plan.stop_at = std::min(node_.plan.stop_at, began);
    // Who is in a hurry waits for the executor's reserve and not for what else is left of the grace.
    const auto reserve = std::max<rt::duration>(node_.plan.reserve + core::kubelet_slack, 3s);
    if (hurried) node_.plan.deadline = std::min(node_.plan.deadline, began + reserve);
    deadline = node_.plan.deadline = std::min(deadline, node_.plan.deadline);
    node_.plan.kill_at = core::kill_moment(node_.plan.stop_at, deadline);
    send_plan();
    if (!node_.life.executor_signalled) {
      node_.life.executor_signalled = true;
      journal_.executor_signalled();
      const auto signal = config::signal_number(node_.settings.executor.stop_signal);
      (void)init_.send(pair::signal_order{signal.value_or(SIGTERM)});
    }
    if (node_.executor_ended() || node_.steps_aside()) co_return;
    if (node_.life.causes.has(cause::disappeared)) keeper_.set_wish(core::wish::leave_alone);
    const bool leaves_at_the_end = node_.sidecar && node_.life.causes.has(cause::sigterm);
    const rt::deadline end(node_.clock, leaves_at_the_end ? node_.plan.kill_at : rt::time_point::max());
    if (end.passed()) co_return;
    co_await node_.changed.wait(end);
  }
}

// A stale entry would idle the next pod of this name. After SIGKILL it stays, because Dremio believes in the node until
// its ZooKeeper session ends; a foreign one stays because it is not ours.
rt::task<> life_cycle::take_entry_off(rt::deadline dl) {
  const bool killed =
      node_.executor.ended && node_.executor.ended->by_signal && node_.executor.ended->number == SIGKILL;
  const auto& v = keeper_.see();
  if (v.foreign || node_.life.causes.has(cause::disappeared) || killed) {
    keeper_.set_wish(core::wish::leave_alone);
    if (v.present.value_or(false))
      journal_.entry_left(v.foreign ? "somebody else's"
                          : killed  ? "Dremio believes in the killed node for a while"
                                    : "a pod of the same name has taken its place");
    co_return;
  }
  if (v.wish == core::wish::leave_alone) co_return;               // the list was never asked for
  if (v.wish == core::wish::allowed && v.admitted_at) co_return;  // it is off already
  keeper_.set_wish(core::wish::allowed);
  while (!keeper_.see().confirmed && !dl.passed()) {
    const auto available = keeper_.see().available;
    if (available == keeper::availability::unavailable || available == keeper::availability::off) co_return;
    co_await node_.changed.wait(dl);
  }
  journal_.entry_taken_off(keeper_.see().confirmed);
}

// The agent that follows in this container admits the node; until then it is not denied by one that is gone.
rt::task<> life_cycle::step_aside() {
  const auto end = rt::deadline::after(node_.clock, farewell);
  enter(state::stopped, phase::none, "the sidecar alone was told to end; the executor goes on");
  co_await take_entry_off(end);
  co_await say_farewell(end);
}

// The API may tell us of the pod's deletion before its kubelet hears of it. A container that ends in between is started
// once more, and its executor takes work that dies with it; so the end waits for SIGTERM.
rt::task<> life_cycle::wait_for_kubelet() {
  const auto& life = node_.life;
  if (node_.sidecar || !life.causes.has(cause::deletion) || !life.pod.kill_learned) co_return;
  const rt::deadline until(node_.clock, *life.pod.kill_learned + core::kubelet_lag);
  while (!life.causes.has(cause::sigterm) && !until.passed()) co_await node_.changed.wait(until);
}

rt::task<> life_cycle::leave() {
  if (!node_.executor.ended) co_return co_await leave_executor_behind();
  const auto ended_at = node_.executor.ended_at.value_or(node_.clock.now());
  auto end = rt::deadline(node_.clock, ended_at + farewell);
  if (node_.life.first_irrevocable) end = end.sooner(core::plan_drain(plan_facts_of(node_)).kill_at);
  const auto how = *node_.executor.ended;
  enter(state::stopped, phase::none,
        node_.sidecar   ? "the executor's port refuses connections: it has ended"
        : how.by_signal ? "the executor was killed by signal " + std::to_string(how.number)
                        : "the executor exited with code " + std::to_string(how.number));
  co_await take_entry_off(end);
  co_await say_farewell(end);
}

// A sidecar that was told to end cannot wait for an executor that nobody here can kill. The entry stays: Dremio would
// send it work to the last moment.
rt::task<> life_cycle::leave_executor_behind() {
  const rt::deadline end(node_.clock, node_.plan.deadline);
  enter(state::stopped, phase::none, "the executor has not ended, and the pod's time is over; its entry stays");
  keeper_.set_wish(core::wish::leave_alone);
  co_await say_farewell(end);
}

rt::task<> life_cycle::say_farewell(rt::deadline end) {
  co_await ports_.last_word(end.sooner(1s));
  co_await ports_.log_out(end.sooner(2s));
  co_await wait_for_kubelet();
  (void)init_.send(pair::finished{});
}

}  // namespace ebb::drain
