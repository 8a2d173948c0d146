// What an answer tells, and when the next look is due.
#include "agent/keeper/keeper.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace ebb::keeper {

using namespace std::chrono_literals;
using core::list_outcome;
using core::wish;

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

wish keeper::effective_wish() const {
  return view_.wish == wish::allowed && view_.foreign ? wish::leave_alone : view_.wish;
}

void keeper::observe(const core::deny_list& list, rt::time_point now) {
  const bool present = core::contains(list, entry_);
  view_.present = present;
  view_.looked_at = now;
  if (view_.wish == wish::denied) observe_denied(list, present);
  if (view_.wish == wish::allowed) observe_allowed(present, now);
}

// Who writes without a turn and takes our entry away takes others' away as well. Whether they are missed only their
// owners know: they are named, and not put back.
void keeper::observe_denied(const core::deny_list& list, bool present) {
  const auto before = std::exchange(list_, list);
  if (present) return;
  view_.foreign = false;  // what is put in its place is ours
  if (!view_.verified_since) return;
  view_.verified_since.reset();
  view_.confirmed = false;
  ++view_.lost;
  view_.lost_beside.clear();
  const std::set<std::string_view> left(list.begin(), list.end());
  for (const auto& e : before)
    if (e != entry_ && view_.lost_beside.size() < lost_beside_named && !left.contains(e))
      view_.lost_beside.push_back(e);
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
// has not begun, and of one that others could not be told of they may undo by an earlier wish of ours.
bool keeper::in_reclaim(rt::time_point now) const { return !view_.admitted_at || now < reclaim_ends(); }

rt::time_point keeper::reclaim_ends() const { return std::max(*view_.admitted_at, untold_at_) + rules_.reclaim; }

rt::time_point keeper::next_look(rt::time_point now) {
  if (effective_wish() == wish::leave_alone) return now + random_.between(look_serving, look_serving + 6s);
  // The second look. After an admission it comes no sooner than a second later, since a removal counts only then.
  if (!view_.confirmed) return now + random_.between(view_.wish == wish::allowed ? 1000ms : 500ms, 1500ms);
  if (view_.wish == wish::denied) return now + std::max<rt::duration>(look_draining, 20ms * view_.entries);
  if (!in_reclaim(now)) return now + random_.between(look_serving - 6s, look_serving + 6s);
  // No later than its end, when the others have to learn that the admission is over.
  return std::min(now + random_.between(look_in_reclaim - 1s, look_in_reclaim), reclaim_ends());
}

}  // namespace ebb::keeper
