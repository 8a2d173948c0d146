#include "agent/keeper/turns.hpp"

namespace ebb::keeper {

void turns::wish_changed() {
  untold_since_.reset();
  waiting_since_.reset();
  run_out_ = 0;
}

rt::task<> turns::announce(core::wish w, std::string entry) {
  if (fleet_ == nullptr) co_return;
  const auto began = clock_.now();
  told_ = co_await fleet_->announce(w, std::move(entry));
  if (told_ != told::unanswered) untold_since_.reset();
  telling_ = told_ == told::unanswered && still_waits(untold_since_, began, answer_patience);
  untold_ = told_ == told::yes || telling_ ? std::string() : fleet_->trouble();
}

rt::task<std::optional<turn>> turns::take() {
  if (fleet_ == nullptr || (told_ != told::yes && !telling_)) co_return std::nullopt;
  if (run_out_ >= turns_run_out) co_return go_alone("the coordinator is too slow to write the list in turns");
  if (clock_.now() < not_before_) co_return std::nullopt;
  const auto began = clock_.now();
  turn t;
  t.what = turn::kind::unanswered;
  if (told_ == told::yes) t = co_await fleet_->take_turn();
  if (t.what == turn::kind::unavailable ||
      (t.what == turn::kind::unanswered && !telling_ && !still_waits(waiting_since_, began, answer_patience))) {
    not_before_ = clock_.now() + turns_asked_again;
    co_return go_alone(fleet_->trouble());
  }
  if (t.what == turn::kind::mine) waiting_since_.reset();
  if (t.what == turn::kind::busy && !still_waits(waiting_since_, began, turn_patience))
    co_return go_alone("others have had the turn all the time");
  alone_.clear();
  co_return t;
}

rt::task<> turns::end(const turn& t, bool all_answered) {
  if (clock_.now() >= t.until) {
    ++run_out_;
  } else if (all_answered) {
    run_out_ = 0;
  }
  co_await fleet_->end_turn(all_answered);
}

bool turns::still_waits(std::optional<rt::time_point>& since, rt::time_point began, rt::duration patience) const {
  if (!since) since = began;
  return clock_.now() - *since < patience;
}

std::nullopt_t turns::go_alone(std::string why) {
  alone_ = std::move(why);
  return std::nullopt;
}

}  // namespace ebb::keeper
