#include "agent/keeper/turns.hpp"

namespace ebb::keeper {

void turns::wish_changed() {
  waiting_since_.reset();
  unanswered_since_.reset();
  run_out_ = 0;
}

// A server that could not even be told is not waited for anew.
void turns::wish_fulfilled() {
  waiting_since_.reset();
  if (told_ == told::yes) unanswered_since_.reset();
}

rt::task<> turns::announce(core::wish w, std::string entry) {
  if (fleet_ == nullptr) co_return;
  const auto began = clock_.now();
  told_ = co_await fleet_->announce(w, std::move(entry), patience(answer_patience));
  if (told_ == told::yes && w == core::wish::leave_alone) alone_.clear();  // there is nothing to write
  telling_ = told_ == told::unanswered && still_waits(unanswered_since_, began, answer_patience);
  why_untold_ = told_ == told::yes || telling_ ? std::string() : fleet_->trouble();
}

rt::task<std::optional<turn>> turns::take() {
  if (fleet_ == nullptr || (told_ != told::yes && !telling_)) co_return std::nullopt;
  if (run_out_ >= turns_run_out) co_return go_alone("the coordinator is too slow to write the list in turns");
  if (clock_.now() < not_before_) co_return std::nullopt;
  const auto began = clock_.now();
  turn t;
  t.what = turn::kind::unanswered;
  if (told_ == told::yes) t = co_await fleet_->take_turn(patience(answer_patience));
  if (t.what == turn::kind::mine) {
    waiting_since_.reset();
    unanswered_since_.reset();
    alone_.clear();
    co_return t;
  }
  if (t.what == turn::kind::busy) unanswered_since_.reset();
  const bool unanswered = t.what == turn::kind::unanswered;
  const bool answers_come = !unanswered || still_waits(unanswered_since_, began, answer_patience);
  const bool in_time = still_waits(waiting_since_, began, turn_patience);
  if (t.what != turn::kind::unavailable && answers_come && in_time) {
    alone_.clear();
    co_return t;
  }
  if (t.what == turn::kind::busy) co_return go_alone("others have had the turn all the time");
  not_before_ = clock_.now() + turns_asked_again;
  co_return go_alone(fleet_->trouble());
}

rt::task<> turns::end(const turn& t, bool all_answered) {
  if (clock_.now() >= t.until) {
    ++run_out_;
  } else if (all_answered) {
    run_out_ = 0;
  }
  co_await fleet_->end_turn(all_answered);
}

bool turns::still_waits(std::optional<rt::time_point>& since, rt::time_point began, rt::duration usual) const {
  if (!since) since = began;
  return clock_.now() - *since < patience(usual);
}

std::nullopt_t turns::go_alone(std::string why) {
  alone_ = std::move(why);
  return std::nullopt;
}

}  // namespace ebb::keeper
