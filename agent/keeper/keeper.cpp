#include "agent/keeper/keeper.hpp"

#include <algorithm>

namespace ebb::keeper {

using namespace std::chrono_literals;
using core::list_outcome;
using core::wish;

keeper::keeper(rt::clock_source& clock, rt::random_source& random, list_port& port, fleet_port* fleet,
               keeper_rules rules, rt::asio::any_io_executor ex, on_incident tell)
    : clock_(clock),
      random_(random),
      port_(port),
      turns_(clock, fleet),
      rules_(rules),
      tell_(std::move(tell)),
      wake_(ex),
      changed_(ex) {}

void keeper::set_entry(std::string name) {
  if (name == entry_) return;
  entry_ = std::move(name);
  due_ = clock_.now();
  wake_.notify();
}

void keeper::resume(wish w, std::optional<rt::time_point> verified_since, std::optional<rt::time_point> admitted_at,
                    bool foreign, bool list_read, std::uint32_t lost, std::uint32_t writes) {
  view_.wish = w;
  view_.verified_since = verified_since;
  view_.admitted_at = admitted_at;
  view_.foreign = foreign;
  view_.list_read = list_read;
  view_.lost = lost;
  view_.writes = writes;
}

void keeper::set_wish(wish w) {
  if (w == view_.wish) return;
  view_.wish = w;
  view_.verified_since.reset();
  view_.confirmed = false;
  if (w == wish::allowed) view_.admitted_at.reset();
  appeared_at_.reset();
  turns_.wish_changed();
  new_wish_ = true;
  due_ = clock_.now();
  wake_.notify();
  changed_.notify();
}

void keeper::set_off(bool off) {
  if (off == (view_.available == availability::off)) return;
  view_.available = off ? availability::off : availability::unknown;
  view_.error = off ? "dremio.url is not set" : "";
  due_ = clock_.now();
  wake_.notify();
  changed_.notify();
}

rt::task<bool> keeper::read_back(rt::deadline dl) {
  const auto wanted = looks_begun_ + 1;
  due_ = clock_.now();
  wake_.notify();
  while (looks_ended_ < wanted)
    if (!co_await changed_.wait(dl)) co_return false;
  co_return last_look_fulfilled_;
}

rt::task<> keeper::run() {
  due_ = clock_.now();
  for (;;) {
    while (idle() || clock_.now() < due_) {
      co_await wake_.wait(rt::deadline(clock_, idle() ? rt::time_point::max() : due_));
    }
    ++looks_begun_;
    last_look_fulfilled_ = false;
    co_await look();
    looks_ended_ = looks_begun_;
    changed_.notify();
  }
}

rt::task<> keeper::look() {
  const auto wished = view_.wish;
  // Only what follows may bring the next look forward again: a wish that changes meanwhile, a read-back.
  due_ = rt::time_point::max();
  co_await announce();
  if (wished != view_.wish || co_await begin_with_turn(wished)) co_return;
  const auto asked = clock_.now();
  auto seen = co_await port_.read(call_limit(rt::time_point::max()));
  if (!take_in(seen, wished)) co_return;
  if (!core::merge(seen.list, entry_, effective_wish())) co_return stands();
  // The login that came before the list may have told which cluster it is.
  co_await announce();
  const auto t = co_await turns_.take();
  said_alone();
  if (t)
    co_await in_turn(*t, wished);
  else if (wished != view_.wish)
    due_ = clock_.now();
  else
    co_await change(std::move(seen.list), asked, wished);
}

// The turn is ours, or somebody else's.
rt::task<> keeper::in_turn(turn t, wish wished) {
  if (t.what == turn::kind::busy) {
    due_ = std::min(due_, clock_.now() + random_.between(core::first_retry, core::last_retry));
  } else if (wished != view_.wish) {
    due_ = clock_.now();
    co_await turns_.end(t, true);
  } else {
    co_await change_for_all(t, wished);
  }
}

// A wish that has changed and is not fulfilled, as far as the last look told, needs no look before the turn: of a
// thousand agents that are told to stop at once, all but one find it taken and read the list when it has been written.
rt::task<bool> keeper::begin_with_turn(wish wished) {
  if (!std::exchange(new_wish_, false) || !known_missing() || !turns_.announced()) co_return false;
  co_await clock_.sleep_for(core::gathering);
  const auto t = co_await turns_.take();
  said_alone();
  if (!t) co_return false;
  co_await in_turn(*t, wished);
  co_return true;
}

bool keeper::known_missing() const {
  return view_.present && effective_wish() != wish::leave_alone &&
         *view_.present == (effective_wish() == wish::allowed);
}

// A wish that others may apply: what is allowed long since is none, lest they take off what a person has put there.
rt::task<> keeper::announce() {
  const auto own = effective_wish();
  const bool settled = own == wish::allowed && !in_reclaim(clock_.now());
  co_await turns_.announce(settled ? wish::leave_alone : own, entry_);
  said_alone();
}

// False: it is of no use, and the next look is arranged.
bool keeper::take_in(const list_call& seen, wish wished) {
  if (failed(seen)) return false;
  view_.entries = seen.list.size();
  view_.list_read = true;
  if (wished != view_.wish) {  // the answer is to a question that nobody asks any more
    due_ = clock_.now();
    return false;
  }
  observe(core::contains(seen.list, entry_), clock_.now());
  return true;
}

// The list is as wished.
void keeper::stands() {
  const auto now = clock_.now();
  if (effective_wish() != wish::leave_alone) fulfilled(now);
  due_ = std::min(due_, next_look(now));
}

rt::task<> keeper::change(core::deny_list seen, rt::time_point asked, wish wished) {
  // A coordinator that always takes longer than a snapshot may be old must not keep us from writing for ever.
  if (clock_.now() - asked > snapshot_age && ++slow_looks_ < 3) {
    due_ = clock_.now();
    co_return;
  }
  slow_looks_ = 0;
  auto better = core::merge(seen, entry_, effective_wish());
  if (!better) co_return stands();
  (void)co_await write(std::move(seen), std::move(*better), wished, rt::time_point::max());
}

// What was read before the turn was ours may be older than what its last holder wrote.
rt::task<> keeper::change_for_all(turn t, wish wished) {
  auto seen = co_await port_.read(call_limit(t.until));
  bool answered = true;
  if (take_in(seen, wished)) {
    auto better = core::merge_all(seen.list, entry_, effective_wish(), t.wishes);
    if (!better) {
      stands();
    } else if (clock_.now() >= t.until) {
      due_ = clock_.now();
    } else {
      answered = co_await write(std::move(seen.list), *better, wished, t.until);
      // Once it has been applied it will not be a second time.
      if (!answered && clock_.now() < t.until) {
        const auto back = co_await port_.read(call_limit(t.until));
        answered = back.outcome == list_outcome::ok && back.list == *better;
      }
    }
  }
  co_await turns_.end(t, answered);
}

// False: the write was not answered, and may be applied later on.
rt::task<bool> keeper::write(core::deny_list before, core::deny_list list, wish wished, rt::time_point until) {
  ++view_.writes;
  auto wrote = co_await port_.write(std::move(list), call_limit(until));
  const bool answered = wrote.outcome == list_outcome::ok || wrote.outcome == list_outcome::rejected ||
                        wrote.outcome == list_outcome::unavailable;
  if (wished != view_.wish) {
    due_ = clock_.now();
    co_return answered;
  }
  if (failed(wrote)) co_return answered;
  auto back = co_await port_.read(call_limit(until));
  if (!take_in(back, wished)) co_return true;
  if (!core::merge(back.list, entry_, effective_wish())) {
    stands();
  } else {
    const auto now = clock_.now();
    due_ = std::min(due_, now + pause_after_unshown(back.list != before, now));
  }
  co_return true;
}

rt::deadline keeper::call_limit(rt::time_point until) const {
  return rt::deadline::after(clock_, rules_.call).sooner(until);
}

void keeper::said_alone() {
  const bool was = !view_.alone.empty();
  view_.alone = turns_.alone();
  if (was != !view_.alone.empty()) tell(was ? incident::in_turns : incident::alone);
}

// The write was answered with 200, and the list does not show it. Where the list has changed somebody was faster, which
// is no retry of ours; where it has not, or again and again, the coordinator does not keep what it says yes to.
rt::duration keeper::pause_after_unshown(bool list_changed, rt::time_point now) {
  if (list_changed && races_ < races_in_a_row) {
    ++races_;
    return random_.between(0ms, 1s);
  }
  ++not_kept_;
  view_.error = not_kept_error();
  if (!view_.error.empty() && (!not_kept_told_ || now - *not_kept_told_ >= told_again)) {
    not_kept_told_ = now;
    tell(incident::not_kept);
  }
  return std::max(not_kept_pause_.next(random_.unit()), port_.pause_before_retry(std::nullopt));
}

// Once may still be a race; empty then.
std::string keeper::not_kept_error() const {
  if (not_kept_ < 2) return {};
  return std::to_string(not_kept_) + " writes in a row were answered with 200, and the list does not show them";
}

// True when the call did not succeed; the next look is then arranged.
bool keeper::failed(const list_call& call) {
  const auto now = clock_.now();
  if (call.outcome == list_outcome::ok) {
    const bool was = view_.failing_since.has_value();
    view_.failing_since.reset();
    view_.error = not_kept_error();
    view_.available = availability::available;
    if (was) tell(incident::recovered);
    return false;
  }
  view_.error = call.error;
  if (call.outcome == list_outcome::unavailable || call.outcome == list_outcome::rejected) {
    const auto was = view_.available;
    view_.available = call.outcome == list_outcome::rejected ? availability::rejected : availability::unavailable;
    view_.failing_since.reset();
    due_ = std::min(due_, now + look_unavailable);
    if (was != view_.available)
      tell(call.outcome == list_outcome::rejected ? incident::rejected : incident::unavailable);
    changed_.notify();
    return true;
  }
  due_ = std::min(due_, now + port_.pause_before_retry(call.retry_after));
  if (!view_.failing_since) {
    view_.failing_since = now;
    tell(incident::failing);
  }
  changed_.notify();
  return true;
}

bool keeper::idle() const {
  return entry_.empty() || view_.wish == wish::leave_alone || view_.available == availability::off;
}

wish keeper::effective_wish() const {
  return view_.wish == wish::allowed && view_.foreign ? wish::leave_alone : view_.wish;
}

void keeper::observe(bool present, rt::time_point now) {
  view_.present = present;
  view_.looked_at = now;
  if (view_.wish == wish::denied) observe_denied(present, now);
  if (view_.wish == wish::allowed) observe_allowed(present, now);
}

void keeper::observe_denied(bool present, rt::time_point) {
  if (present) return;
  view_.foreign = false;  // what is put in its place is ours
  if (!view_.verified_since) return;
  view_.verified_since.reset();
  view_.confirmed = false;
  ++view_.lost;
  tell(incident::lost);
}

void keeper::observe_allowed(bool present, rt::time_point now) {
  if (!present) {
    appeared_at_.reset();
    if (std::exchange(view_.foreign, false)) tell(incident::foreign_gone);
    return;
  }
  if (view_.foreign || !view_.admitted_at) return;
  view_.verified_since.reset();
  view_.confirmed = false;
  if (appeared_at_) return;  // seen before, and being taken off
  appeared_at_ = now;
  if (in_reclaim(now)) {
    // Another writer's snapshot from before the admission: nobody's wish.
    ++view_.lost;
    tell(incident::reclaimed);
  } else {
    view_.foreign = true;
    tell(incident::foreign_appeared);
  }
}

void keeper::fulfilled(rt::time_point now) {
  last_look_fulfilled_ = true;
  races_ = 0;
  not_kept_pause_.reset();
  if (std::exchange(not_kept_, 0) > 1) {
    view_.error.clear();
    tell(incident::recovered);
  }
  if (!view_.verified_since) {
    view_.verified_since = now;
    if (view_.wish == wish::allowed && !view_.admitted_at) view_.admitted_at = now;
    tell(incident::verified);
  } else if (!view_.confirmed && (now - *view_.verified_since >= 1s || view_.wish == wish::denied)) {
    view_.confirmed = true;
    tell(incident::confirmed);
  }
}

// Since when an entry is a person's wish and no longer another writer's stale copy. An admission that is not verified
// has not begun.
bool keeper::in_reclaim(rt::time_point now) const {
  return !view_.admitted_at || now - *view_.admitted_at < rules_.reclaim;
}

rt::time_point keeper::next_look(rt::time_point now) {
  if (effective_wish() == wish::leave_alone) return now + random_.between(look_serving, look_serving + 6s);
  // The second look. After an admission it comes no sooner than a second later, since a removal counts only then.
  if (!view_.confirmed) return now + random_.between(view_.wish == wish::allowed ? 1000ms : 500ms, 1500ms);
  if (view_.wish == wish::denied) return now + std::max<rt::duration>(look_draining, 20ms * view_.entries);
  if (!in_reclaim(now)) return now + random_.between(look_serving - 6s, look_serving + 6s);
  // No later than its end, when the others have to learn that the admission is over.
  return std::min(now + random_.between(look_in_reclaim - 1s, look_in_reclaim), *view_.admitted_at + rules_.reclaim);
}

void keeper::tell(incident i) {
  if (tell_) tell_(i, view_);
  changed_.notify();
}

}  // namespace ebb::keeper
