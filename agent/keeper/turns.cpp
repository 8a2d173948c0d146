#include "agent/keeper/turns.hpp"

namespace ebb::keeper {

void turns::wish_changed() {
  busy_since_.reset();
  run_out_ = 0;
}

rt::task<> turns::announce(core::wish w, std::string entry) {
  if (fleet_ == nullptr) co_return;
  announced_ = co_await fleet_->announce(w, std::move(entry));
  untold_ = announced_ ? std::string() : fleet_->trouble();
}

rt::task<std::optional<turn>> turns::take() {
  if (fleet_ == nullptr) co_return std::nullopt;
  if (!announced_) co_return std::nullopt;
  if (run_out_ >= turns_run_out) co_return go_alone("the coordinator is too slow to write the list in turns");
  if (clock_.now() < not_before_) co_return std::nullopt;
  auto t = co_await fleet_->take_turn();
  const auto now = clock_.now();
  if (t.what == turn::kind::unavailable) {
    not_before_ = now + turns_asked_again;
    co_return go_alone(fleet_->trouble());
  }
  if (t.what == turn::kind::mine) {
    busy_since_.reset();
    alone_.clear();
    co_return t;
  }
  if (!busy_since_) busy_since_ = now;
  if (now - *busy_since_ >= turn_patience) co_return go_alone("others have had the turn all the time");
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

std::nullopt_t turns::go_alone(std::string why) {
  alone_ = std::move(why);
  return std::nullopt;
}

}  // namespace ebb::keeper
