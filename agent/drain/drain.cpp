// draining: denying, quiescing, drained. From the first cause to the moment at which the executor may be stopped.
#include <algorithm>

#include "agent/core/duration_text.hpp"
#include "agent/drain/life_cycle.hpp"

namespace ebb::drain {

using namespace std::chrono_literals;
using core::drain_outcome;
using core::phase;
using core::state;

namespace {

// SIGTERM in `drained` stops at once on a zero that is not older than this.
constexpr rt::duration fresh_zero = 2s;

}  // namespace

rt::task<> life_cycle::drain() {
  node_.judge.begin(node_.life.baseline);
  if (!node_.life.draining()) begin_drain();

  while (!node_.executor_ended()) {
    const auto seen = node_.changed.count();
    refresh_plan();
    auto& life = node_.life;
    // Another pod has the name now, and with it the entry.
    const bool gone = life.causes.has(core::cause::disappeared);
    keeper_.set_wish(gone ? core::wish::leave_alone : core::wish::denied);
    if (node_.steps_aside()) co_return;
    if (life.hurried) co_return end_drain(drain_outcome::hurried, "asked to stop now");
    if (life.causes.empty()) co_return end_drain(drain_outcome::cancelled, "every cause has been withdrawn");
    if (gone && life.causes.has(core::cause::sigterm))
      co_return end_drain(drain_outcome::deadline, "the pod is gone and its container was told to end");
    if (life.causes.stops_executor() && node_.clock.now() >= node_.plan.stop_at)
      co_return end_drain(drain_outcome::deadline, "the deadline less the reserve has come");

    const bool idle = co_await released();
    if (node_.changed.count() != seen && !idle) continue;
    if (life.phase == phase::denying && (keeper_.see().verified_since || list_rule() != core::list_rule::enforced))
      enter(state::draining, phase::quiescing,
            gone                           ? "the entry is left to the pod that has the name now"
            : keeper_.see().verified_since ? "the deny entry is verified"
                                           : "the deny list cannot be had: " + keeper_.see().error);
    if (idle && life.phase != phase::drained) enter(state::draining, phase::drained, "no fragment is left");
    if (!idle && life.phase == phase::drained && !node_.verdict.idle)
      enter(state::draining, phase::quiescing, node_.verdict.waiting_for);

    const auto zero = node_.judge.last_zero();
    if (life.phase == phase::drained && life.causes.stops_executor() && zero && node_.clock.now() - *zero <= fresh_zero)
      co_return end_drain(drain_outcome::idle, "no fragment is left");
    co_await wait_for_change(seen);
  }
  end_drain(drain_outcome::executor_exited, "the executor ended by itself");
}

void life_cycle::begin_drain() {
  node_.life.drain_began = node_.clock.now();
  node_.life.verified_since.reset();
  enter(state::draining, phase::denying, node_.life.reason);
  refresh_plan();
  if (!node_.life.first_irrevocable) journal_.drain_planned();
}

// The plan follows the facts; init hears of each change, so that it can act alone.
void life_cycle::refresh_plan() {
  const auto facts = plan_facts_of(node_);
  node_.plan = node_.life.first_irrevocable ? core::plan_drain(facts) : core::plan_without_deadline(facts);
  keeper_.set_patience(core::fleet_patience(usable()));
  if (!node_.life.first_irrevocable) return;
  const bool news = std::exchange(node_.life.grace, node_.plan.grace) != node_.plan.grace;
  const bool told = !node_.life.grace_told && (facts.kill_at || facts.not_deleted);
  node_.life.grace_told |= told;
  if (news || told) journal_.save();
  send_plan();
}

// Nothing: the drain has no deadline.
std::optional<rt::duration> life_cycle::usable() const {
  return node_.life.first_irrevocable ? std::optional(node_.plan.usable) : std::nullopt;
}

void life_cycle::send_plan() {
  if (told_stop_at_ == node_.plan.stop_at && told_deadline_ == node_.plan.deadline) return;
  told_stop_at_ = node_.plan.stop_at;
  told_deadline_ = node_.plan.deadline;
  (void)init_.send(pair::plan{node_.plan.stop_at, node_.plan.deadline});
  if (node_.life.draining()) journal_.drain_planned();
}

core::list_rule life_cycle::list_rule() const {
  const auto& v = keeper_.see();
  // The entry is left to another pod: nobody can say whether it is there.
  if (v.wish == core::wish::leave_alone) return core::list_rule::unreachable;
  if (v.available == keeper::availability::unavailable || v.available == keeper::availability::rejected ||
      v.available == keeper::availability::off)
    return core::list_rule::unavailable;
  // A node whose name is not known cannot ask for its entry: the same as a coordinator that does not answer.
  const auto failing_since = node_.name.empty() ? std::optional(node_.life.drain_began) : v.failing_since;
  if (!failing_since) return core::list_rule::enforced;
  const auto patience = core::derive_deny_patience(node_.settings.drain.deny_patience, usable());
  const auto waiting_since = std::max(*failing_since, node_.life.drain_began);
  return node_.clock.now() - waiting_since >= patience ? core::list_rule::unreachable : core::list_rule::enforced;
}

// Rules 1 to 4 of the design: the judgement, and a read-back of the entry at the end of the window.
rt::task<bool> life_cycle::released() {
  const auto rule = list_rule();
  const auto& v = keeper_.see();
  node_.life.verified_since = v.verified_since;
  node_.life.foreign_entry = v.foreign;
  node_.judge.entry(v.verified_since);
  core::judge_rules rules;
  rules.settle = node_.plan.settle;
  rules.quiet = node_.plan.quiet;
  rules.samples = node_.plan.samples;
  rules.poll = node_.settings.drain.poll;
  rules.lonely_quiet = core::lonely_quiet(usable());
  node_.verdict = node_.judge.decide(node_.clock.now(), rules, rule);
  journal_.progress();
  if (!node_.verdict.idle) co_return false;
  if (rule != core::list_rule::enforced || node_.life.phase == phase::drained) co_return true;

  node_.verdict.waiting_for = "read-back of the deny entry";
  const bool there = co_await keeper_.read_back(rt::deadline(node_.clock, node_.plan.stop_at).sooner(5s));
  if (!there) co_return false;
  // What came in meanwhile (a busy sample, a lost entry) has the last word.
  node_.judge.entry(keeper_.see().verified_since);
  node_.verdict = node_.judge.decide(node_.clock.now(), rules, rule);
  co_return node_.verdict.idle;
}

// Until something changes; a moment that matters by itself (stop_at, the end of settle or of patience) is at most a
// poll away, since each poll is a change.
rt::task<> life_cycle::wait_for_change(std::uint64_t seen) {
  if (node_.changed.count() != seen) co_return;
  auto dl = rt::deadline::after(node_.clock, node_.settings.drain.poll);
  // Past for a hook's drain done by a command, which nothing here stops.
  if (node_.plan.stop_at > node_.clock.now()) dl = dl.sooner(node_.plan.stop_at);
  co_await node_.changed.wait(dl);
}

void life_cycle::end_drain(drain_outcome outcome, std::string why) {
  journal_.drain_ended(outcome);
  if (outcome == drain_outcome::cancelled) {
    node_.life.foreign_entry = keeper_.see().foreign;
    enter(node_.executor.was_live ? state::admitting : state::starting, phase::none, std::move(why));
  } else if (outcome != drain_outcome::executor_exited) {
    enter(state::stopping, phase::none, std::move(why));
  }
}

}  // namespace ebb::drain
