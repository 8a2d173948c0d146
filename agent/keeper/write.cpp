// How the list is changed: in a turn, for all, or alone.
#include "agent/keeper/keeper.hpp"

#include <algorithm>

namespace ebb::keeper {

using namespace std::chrono_literals;
using core::list_outcome;
using core::wish;

// The turn is ours, or not yet.
rt::task<> keeper::in_turn(turn t, wish wished) {
  if (t.what != turn::kind::mine) {
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

rt::task<> keeper::change(core::deny_list seen, rt::time_point asked, wish wished) {
  // A coordinator that always takes longer than a snapshot may be old must not keep us from writing for ever.
  if (clock_.now() - asked > snapshot_age && ++slow_looks_ < 3) {
    due_ = clock_.now();
    co_return;
  }
  slow_looks_ = 0;
  auto better = core::merge(seen, entry_, effective_wish());
  if (!better) co_return stands();
  (void)co_await write(std::move(seen), std::move(*better), wished, rt::time_point::max(), false);
}

// What was read before the turn was ours may be older than what its last holder wrote.
rt::task<> keeper::change_for_all(turn t, wish wished) {
  auto seen = co_await port_.read(call_limit(t.until));
  bool answered = true;
  if (take_in(seen, wished)) {
    if (clock_.now() < own_only_until_) t.wishes.clear();
    auto better = core::merge_all(seen.list, entry_, effective_wish(), t.wishes);
    if (!better) {
      stands();
    } else if (clock_.now() >= t.until) {
      due_ = clock_.now();
    } else {
      const bool for_others = core::merge(seen.list, entry_, effective_wish()) != better;
      answered = co_await write(std::move(seen.list), *better, wished, t.until, for_others);
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
rt::task<bool> keeper::write(core::deny_list before, core::deny_list list, wish wished, rt::time_point until,
                             bool for_others) {
  ++view_.writes;
  auto wrote = co_await port_.write(std::move(list), call_limit(until));
  const bool answered = wrote.outcome == list_outcome::ok || wrote.outcome == list_outcome::rejected ||
                        wrote.outcome == list_outcome::unavailable;
  if (wished != view_.wish) {
    due_ = clock_.now();
    co_return answered;
  }
  // One entry that the coordinator does not know must not keep a whole fleet off the list.
  if (wrote.outcome == list_outcome::rejected && for_others) {
    own_only_until_ = clock_.now() + look_unavailable;
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

}  // namespace ebb::keeper
