#pragma once
// Three keepers and a coordinator as a machine of single steps, each one request as the server sees it, over the real
// merge: so that every order of them can be gone through. Time is in it only as what may have passed: a Lease may run
// out, a write may be applied late.
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/fleet.hpp"

namespace ebb::core::model {

enum class step : char {
  announce,
  look,     // GET
  turn,     // try for the turn
  wishes,   // list the wishes of the others
  list,     // GET within the turn
  post,     // POST
  back,     // GET, to see the own wish in it
  recheck,  // GET within the turn after a POST without an answer
  release,  // give the turn back
};

struct keeper {
  wish wanted = wish::leave_alone;
  wish later = wish::leave_alone;  // what it wishes from some moment on; leave_alone: it stays
  step next = step::announce;
  int looks = 0;            // that it still makes
  bool takes_turns = true;  // and tells the others
  bool dead = false;
  bool in_turn = false;
  bool verified = false;
  std::string seen;  // lists are strings of one letter for each entry
  std::string write;
  std::vector<fleet_wish> others;
};

struct state {
  std::string list;
  std::array<keeper, 3> keepers;
  std::array<wish, 3> told{};
  int holder = -1;                // of the Lease
  bool lingers = false;           // nobody is at work in the turn: it ends only by running out
  std::vector<std::string> late;  // writes that are still under way
  int faults = 0;                 // that may still happen
  bool lost = false;              // by the step that led here a wish that was verified has ceased to hold

  std::string key() const;
};

// What may go wrong besides requests and answers that get lost.
struct dangers {
  bool late_beyond_the_turn = true;  // a write may be applied after the Lease has run out
  bool pauses = true;                // a holder may be stopped past its Lease
  bool deaths = true;
  bool failed_turns = true;  // the Lease may not be had, or not be told of
};

struct rules {
  std::function<std::optional<deny_list>(const deny_list&, std::string_view, wish)> merge = core::merge;
  std::function<std::optional<deny_list>(const deny_list&, std::string_view, wish, const std::vector<fleet_wish>&)>
      merge_all = [](const deny_list& l, std::string_view e, wish w, const std::vector<fleet_wish>& o) {
        return core::merge_all(l, e, w, o);
      };
  dangers may;
};

std::string entry_of(std::size_t keeper);  // "a", "b", "c"

// Everything that may happen next; nothing: all is quiet.
std::vector<state> next_states(const state& s, const rules& r);

// Each living keeper's later looks, when all is quiet.
state settled(state s, const rules& r);

bool wishes_hold(const state& s);            // of the living
std::string foreign(std::string_view list);  // entries that are no keeper's, in order

}  // namespace ebb::core::model
