#pragma once
// The right to write the deny list for all, a Lease taken as client-go takes one: what it says of time is never
// compared with a clock of ours. It is held for as long as it has changed within its own duration of *our* monotonic
// clock. It is no fence: whoever was stopped past its end can still act, so he looks at the clock right before he does.
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/time.hpp"
#include "proto/kubernetes/lease.hpp"

namespace ebb::core {

constexpr duration turn_lease = 5s;                          // what the Lease says
constexpr duration longest_turn = 3s;                        // after that nothing is written any more
constexpr duration gathering = 100ms;                        // so that wishes that came at once are told by then
constexpr duration first_retry = 200ms, last_retry = 500ms;  // between two tries, uniform

// A record and when we first saw it so.
struct seen_turn {
  kubernetes::lease_record record;
  time_point since{};
};

// What is known after having read `now_there`.
seen_turn see_turn(const std::optional<seen_turn>& before, const kubernetes::lease_record& now_there, time_point now);

// Whether somebody but `me` has it.
bool held_by_another(const seen_turn& turn, std::string_view me, time_point now);

// The records that take it (over) and that give it back. `wall` is for people.
kubernetes::lease_record taken(const kubernetes::lease_record& before, std::string_view me,
                               kubernetes::micro_time wall);
kubernetes::lease_record given_back(const kubernetes::lease_record& mine, kubernetes::micro_time wall);

}  // namespace ebb::core
