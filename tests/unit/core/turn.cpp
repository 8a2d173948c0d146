#include "agent/core/turn.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::core;
using ebb::kubernetes::lease_record;

namespace {

constexpr time_point t0{1000s};
const ebb::kubernetes::micro_time wall{std::chrono::seconds(1'795'517'769)};

lease_record held_by(const std::string& who, std::int64_t seconds = 5, std::int64_t renewal = 0) {
  return {who, std::chrono::seconds(seconds), wall, wall + std::chrono::seconds(renewal), 3};
}

}  // namespace

TEST_CASE("a turn is held for as long as its record has changed within its own duration of our clock") {
  const auto seen = see_turn(std::nullopt, held_by("other"), t0);
  struct row {
    duration after;
    bool held;
  };
  for (const auto& r : {row{0s, true}, row{4999ms, true}, row{5s, false}, row{1h, false}}) {
    CAPTURE(r.after.count());
    CHECK(held_by_another(seen, "me", t0 + r.after) == r.held);
  }
}

TEST_CASE("a record that has not changed keeps the time at which it was first seen, one that has begins anew") {
  const auto first = see_turn(std::nullopt, held_by("other"), t0);
  CHECK(see_turn(first, held_by("other"), t0 + 4s).since == t0);
  const auto renewed = see_turn(first, held_by("other", 5, 1), t0 + 4s);
  CHECK(renewed.since == t0 + 4s);
  CHECK(held_by_another(renewed, "me", t0 + 8s));
}

TEST_CASE("what the record says of time is not compared with any clock of ours") {
  auto long_ago = held_by("other");
  long_ago.renew_time = long_ago.acquire_time = ebb::kubernetes::micro_time(std::chrono::seconds(0));
  CHECK(held_by_another(see_turn(std::nullopt, long_ago, t0), "me", t0 + 1s));
  auto to_come = held_by("other");
  to_come.renew_time = wall + std::chrono::hours(24 * 3650);
  CHECK_FALSE(held_by_another(see_turn(std::nullopt, to_come, t0), "me", t0 + 6s));
}

TEST_CASE("a turn of ours, of nobody or without a duration is free") {
  for (const auto& free :
       {held_by("me"), held_by(""), lease_record{}, lease_record{"other", {}, {}, {}, {}}, held_by("other", 0)})
    CHECK_FALSE(held_by_another(see_turn(std::nullopt, free, t0), "me", t0));
  CHECK(held_by_another(see_turn(std::nullopt, held_by("ME"), t0), "me", t0));
}

TEST_CASE("taking over counts a transition, taking again does not, giving back lets others in at once") {
  const auto over = taken(held_by("other"), "me", wall + std::chrono::seconds(9));
  CHECK(over ==
        lease_record{"me", std::chrono::seconds(5), wall + std::chrono::seconds(9), wall + std::chrono::seconds(9), 4});
  CHECK(taken(over, "me", wall).transitions == 4);
  CHECK(taken({}, "me", wall).transitions == 1);
  auto many = held_by("other");
  many.transitions = INT32_MAX;
  CHECK(taken(many, "me", wall).transitions == 0);
  const auto free = given_back(over, wall + std::chrono::seconds(10));
  CHECK(free.holder.empty());
  CHECK(free.duration == std::chrono::seconds(1));
  CHECK(free.transitions == 4);
  CHECK_FALSE(held_by_another(see_turn(std::nullopt, free, t0), "other", t0));
}

TEST_CASE("a turn ends before anybody may take it over") { CHECK(longest_turn < turn_lease); }
