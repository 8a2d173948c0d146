#pragma once
// When the keeper writes the list in a turn, for all, and when it writes for itself alone: without a fleet, with one
// that cannot be asked, when others have the turn for too long, and when the coordinator is too slow for turns.
#include <optional>
#include <string>

#include "agent/core/turn.hpp"
#include "agent/keeper/fleet_port.hpp"

namespace ebb::keeper {

// A holder that died lets go after the Lease's duration, as we see it, and somebody takes it within a retry.
constexpr rt::duration turn_patience = core::turn_lease + 2 * core::last_retry;
constexpr int turns_run_out = 2;                                      // then the coordinator is too slow for them
constexpr rt::duration turns_asked_again = std::chrono::seconds(10);  // after a try that failed

class turns {
 public:
  // Null: there is no fleet.
  turns(rt::clock_source& clock, fleet_port* fleet) : clock_(clock), fleet_(fleet) {}

  void wish_changed();
  rt::task<> announce(core::wish w, std::string entry);

  bool announced() const { return announced_; }

  // Nothing: write alone.
  rt::task<std::optional<turn>> take();
  rt::task<> end(const turn& t, bool all_answered);

  // Why the list is written alone though there is a fleet; empty otherwise.
  const std::string& alone() const { return untold_.empty() ? alone_ : untold_; }

 private:
  std::nullopt_t go_alone(std::string why);

  rt::clock_source& clock_;
  fleet_port* fleet_;
  bool announced_ = false;
  std::optional<rt::time_point> busy_since_;
  rt::time_point not_before_{};
  int run_out_ = 0;
  std::string untold_, alone_;
};

}  // namespace ebb::keeper
