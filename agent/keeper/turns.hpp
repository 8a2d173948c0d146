#pragma once
// When the keeper writes the list in a turn, for all, and when it writes for itself alone: without a fleet, with one
// that may not be asked or does not answer for too long, when others have the turn for too long, and when the
// coordinator is too slow for turns.
#include <algorithm>
#include <optional>
#include <string>

#include "agent/core/turn.hpp"
#include "agent/keeper/fleet_port.hpp"

namespace ebb::keeper {

// From the first try for a wish on. A holder that died lets go after the Lease's duration, as we see it, and somebody
// takes it within a retry.
constexpr rt::duration turn_patience = core::turn_lease + 2 * core::last_retry;
// Of a fleet that is told to stop at once, those who do not wait for a busy API server undo each other's writes. One
// that is away costs a denial this long.
constexpr rt::duration answer_patience = std::chrono::seconds(3);
constexpr int turns_run_out = 2;                                      // then the coordinator is too slow for them
constexpr rt::duration turns_asked_again = std::chrono::seconds(10);  // after a try that failed

class turns {
 public:
  // Null: there is no fleet.
  turns(rt::clock_source& clock, fleet_port* fleet) : clock_(clock), fleet_(fleet) {}

  // The longest time to wait at all, for who has little of it; nothing: as above.
  void set_patience(std::optional<rt::duration> longest) { longest_ = longest; }

  void wish_changed();
  void wish_fulfilled();
  rt::task<> announce(core::wish w, std::string entry);

  bool announced() const { return told_ == told::yes; }
  // They may still believe in an earlier wish: the server has not answered.
  bool untold() const { return told_ == told::unanswered; }

  // Nothing: write alone. Another's, or unanswered: not now.
  rt::task<std::optional<turn>> take();
  rt::task<> end(const turn& t, bool all_answered);

  // Why the list is written alone though there is a fleet; empty otherwise.
  const std::string& alone() const { return why_untold_.empty() ? alone_ : why_untold_; }

 private:
  std::nullopt_t go_alone(std::string why);
  bool still_waits(std::optional<rt::time_point>& since, rt::time_point began, rt::duration usual) const;
  rt::duration patience(rt::duration usual) const { return std::min(usual, longest_.value_or(usual)); }

  rt::clock_source& clock_;
  fleet_port* fleet_;
  std::optional<rt::duration> longest_;
  told told_ = told::no;
  bool telling_ = false;                            // not told yet, and not given up
  std::optional<rt::time_point> waiting_since_;     // for the turn
  std::optional<rt::time_point> unanswered_since_;  // the first request that the server has not answered, of those
  rt::time_point not_before_{};
  int run_out_ = 0;
  std::string why_untold_, alone_;
};

}  // namespace ebb::keeper
