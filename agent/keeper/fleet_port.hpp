#pragma once
// The other agents of the fleet as the keeper sees them: they are told its wish, and take turns at writing the list.
#include <string>
#include <vector>

#include "agent/core/fleet.hpp"
#include "agent/rt/deadline.hpp"

namespace ebb::keeper {

struct turn {
  enum class kind : unsigned char {
    mine,
    busy,         // somebody else has it
    unanswered,   // the server is slow, overloaded or away: it may answer at the next try
    unavailable,  // nobody can have one: no right, nobody to ask
  };
  kind what = kind::unavailable;
  std::vector<core::fleet_wish> wishes;  // of the others, as they were after the turn was taken
  rt::time_point until{};                // nothing is written from then on
};

// Whether the others know a wish.
enum class told : unsigned char { yes, unanswered, no };

class fleet_port {
 public:
  virtual ~fleet_port() = default;

  // Tells the others what is wished for `entry`. Costs nothing where they know it already, or where it has just failed;
  // at most a second or `patience`.
  virtual rt::task<told> announce(core::wish w, std::string entry, rt::duration patience) = 0;

  // One try, at most a second or `patience`, and where it is ours the wishes of the others, at most that once more or
  // until its end.
  virtual rt::task<turn> take_turn(rt::duration patience) = 0;

  // Lets others in at once. A write that was not answered may be applied later on: then nobody is let in before the
  // Lease has run out.
  virtual rt::task<> end_turn(bool all_answered) = 0;

  // Why they cannot be told, or there is no turn, for people; empty: no trouble, or no fleet at all.
  virtual const std::string& trouble() const = 0;
};

}  // namespace ebb::keeper
