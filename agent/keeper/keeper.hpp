#pragma once
// The keeper owns this node's entry on the deny list: others set a wish and wait until it is verified.
//
// The list is shared and has no compare-and-swap, so: one request at a time; read, change only the own entry, write the
// whole, read back at once and again a little later; look again for as long as the wish stands, and repair. A changed
// wish waits for the outstanding request, so that a late "allow" that we know of is never applied after "deny". In a
// fleet the others are told the wish first, and who writes has taken the turn to and writes the wishes of all.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/backoff.hpp"
#include "agent/keeper/list_port.hpp"
#include "agent/keeper/turns.hpp"
#include "agent/rt/notice.hpp"
#include "agent/rt/random.hpp"

namespace ebb::keeper {

struct keeper_rules {
  rt::duration call = std::chrono::seconds(5);      // one list call
  rt::duration reclaim = std::chrono::seconds(60);  // dremio.reclaim
};

constexpr rt::duration snapshot_age = std::chrono::seconds(1);     // an older one is not written
constexpr rt::duration look_in_reclaim = std::chrono::seconds(5);  // a serving node looks this often at first …
constexpr rt::duration look_serving = std::chrono::seconds(60);    // … and then this often
constexpr rt::duration look_unavailable = std::chrono::seconds(60);
// Writes in a row that others undid before they were seen, each repeated within a second. What is undone more often,
// and what leaves the list as it was, is an attempt that failed: repeated with back-off and within the retry budget.
constexpr int races_in_a_row = 10;
constexpr std::size_t lost_beside_named = 10;
constexpr rt::duration told_again = std::chrono::seconds(60);    // that writes are not kept
constexpr rt::duration look_draining = std::chrono::seconds(5);  // at least; 20 ms for each entry of the list

enum class availability : unsigned char { unknown, available, unavailable, rejected, off };

// What is known of the entry. Times are of this process; verified_since survives a restart by way of the saved life.
struct view {
  core::wish wish = core::wish::leave_alone;
  std::optional<bool> present;                   // at the last look
  std::optional<rt::time_point> looked_at;       // end of the last look that succeeded
  std::optional<rt::time_point> verified_since;  // the wish has been seen fulfilled since then, without a loss
  bool confirmed = false;                        // a second look, a second or more after the first, agrees
  bool foreign = false;                          // somebody else's entry: respected
  std::optional<rt::time_point> admitted_at;     // when an allowed wish was first verified
  availability available = availability::unknown;
  std::optional<rt::time_point> failing_since;  // no call has succeeded since then
  std::string error;                            // of the last call that failed
  std::string alone;  // why the list is not written in turns with the fleet; empty: it is, or there is none
  std::size_t entries = 0;
  std::uint32_t lost = 0;                // our entry was gone, or back, though nobody of us wished it
  std::vector<std::string> lost_beside;  // others' entries that went with ours the last time, some of them
  std::uint32_t writes = 0;
  bool list_read = false;  // ever, in this life
};

// What happened, for the log and the metrics.
enum class incident : unsigned char {
  verified,
  confirmed,
  lost,
  reclaimed,
  foreign_appeared,
  foreign_gone,
  unavailable,
  rejected,
  not_kept,  // writes are answered with 200 and the list does not show them; at most once a minute
  failing,
  recovered,
  alone,  // the list is written without taking turns from now on
  in_turns
};
using on_incident = std::function<void(incident, const view&)>;

class keeper {
 public:
  // `fleet`: the agents beside this one; null where there are none.
  keeper(rt::clock_source& clock, rt::random_source& random, list_port& port, fleet_port* fleet, keeper_rules rules,
         rt::asio::any_io_executor ex, on_incident tell);

  // The exact entry of this node. Until it is known nothing is asked.
  void set_entry(std::string name);
  const std::string& entry() const { return entry_; }

  // A restarted agent goes on from what was saved.
  void resume(core::wish w, std::optional<rt::time_point> verified_since, std::optional<rt::time_point> admitted_at,
              bool foreign, bool list_read, std::uint32_t lost, std::uint32_t writes);

  void set_wish(core::wish w);
  void set_rules(keeper_rules rules) { rules_ = rules; }
  // How long others, and a server that does not answer, may be waited for before the list is written alone.
  void set_patience(std::optional<rt::duration> longest) { turns_.set_patience(longest); }
  // Without a coordinator there is no list: nothing is asked, and the metric alone decides.
  void set_off(bool off);

  // A look that begins after this call: true when it found the wish fulfilled. False: not, or the call failed, or `dl`.
  rt::task<bool> read_back(rt::deadline dl);

  const view& see() const { return view_; }
  rt::notice& changed() { return changed_; }

  // The duty; runs until cancelled.
  rt::task<> run();

 private:
  rt::task<> look();
  rt::task<> announce();
  rt::task<bool> begin_with_turn(core::wish w);
  bool known_missing() const;
  rt::task<> change(core::deny_list seen, rt::time_point asked, core::wish w);
  rt::task<> in_turn(turn t, core::wish w);
  rt::task<> change_for_all(turn t, core::wish w);
  rt::task<bool> write(core::deny_list before, core::deny_list list, core::wish w, rt::time_point until,
                       bool for_others);
  bool take_in(const list_call& seen, core::wish w);
  void stands();
  void said_alone();
  bool in_reclaim(rt::time_point now) const;
  rt::time_point reclaim_ends() const;
  rt::deadline call_limit(rt::time_point until) const;
  rt::duration pause_after_unshown(bool list_changed, rt::time_point now);
  std::string not_kept_error() const;
  void observe(const core::deny_list& list, rt::time_point now);
  void observe_denied(const core::deny_list& list, bool present);
  void observe_allowed(bool present, rt::time_point now);
  void fulfilled(rt::time_point now);
  bool failed(const list_call& call);
  bool idle() const;
  core::wish effective_wish() const;
  rt::time_point next_look(rt::time_point now);
  void tell(incident i);

  rt::clock_source& clock_;
  rt::random_source& random_;
  list_port& port_;
  turns turns_;
  keeper_rules rules_;
  on_incident tell_;
  rt::notice wake_;
  rt::notice changed_;
  std::string entry_;
  view view_;
  core::deny_list list_;  // at the last look while denied
  rt::time_point due_{};
  std::optional<rt::time_point> appeared_at_;  // first look that saw an unwished entry
  std::uint64_t looks_begun_ = 0, looks_ended_ = 0;
  bool last_look_fulfilled_ = false;
  int slow_looks_ = 0;
  rt::time_point untold_at_{};       // when the others could last not be told, for want of an answer
  rt::time_point own_only_until_{};  // the coordinator has refused a list with the wishes of others
  bool new_wish_ = false;            // no look has been made for it
  int races_ = 0, not_kept_ = 0;     // writes in a row that their read-back did not show
  core::backoff not_kept_pause_{std::chrono::seconds(1)};
  std::optional<rt::time_point> not_kept_told_;
};

}  // namespace ebb::keeper
