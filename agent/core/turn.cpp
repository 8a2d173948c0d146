#include "agent/core/turn.hpp"

#include <cstdint>

namespace ebb::core {

seen_turn see_turn(const std::optional<seen_turn>& before, const kubernetes::lease_record& now_there, time_point now) {
  if (before && before->record == now_there) return *before;
  return {now_there, now};
}

bool held_by_another(const seen_turn& turn, std::string_view me, time_point now) {
  const auto& holder = turn.record.holder;
  return !holder.empty() && holder != me && turn.since + turn.record.duration.value_or(std::chrono::seconds(0)) > now;
}

kubernetes::lease_record taken(const kubernetes::lease_record& before, std::string_view me,
                               kubernetes::micro_time wall) {
  kubernetes::lease_record mine;
  mine.holder = me;
  mine.duration = std::chrono::duration_cast<std::chrono::seconds>(turn_lease);
  mine.acquire_time = mine.renew_time = wall;
  const auto changes = before.transitions.value_or(0);
  // The API takes 32 bits.
  mine.transitions = before.holder == me ? changes : changes < INT32_MAX ? changes + 1 : 0;
  return mine;
}

kubernetes::lease_record given_back(const kubernetes::lease_record& mine, kubernetes::micro_time wall) {
  kubernetes::lease_record free = mine;
  free.holder.clear();
  free.duration = std::chrono::seconds(1);
  free.acquire_time = free.renew_time = wall;
  return free;
}

}  // namespace ebb::core
