// Every order in which three keepers can get at the list, up to a number of looks and of faults.
#include <cstdio>
#include <unordered_map>

#include "tests/support/catch.hpp"
#include "tests/unit/core/fleet_model.hpp"

using namespace ebb::core;
using namespace ebb::core::model;

namespace {

class search {
 public:
  search(rules r, std::string foreign_entries) : rules_(std::move(r)), foreign_(std::move(foreign_entries)) {}

  // All orders that begin here.
  long double orders(const state& s) {
    auto key = s.key();
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    if (foreign(s.list) != foreign_) ++foreign_changes;
    const auto next = next_states(s, rules_);
    long double sum = 0;
    for (const auto& n : next) {
      if (n.lost) ++losses;
      sum += orders(n);
    }
    if (next.empty()) sum = end(s);
    known_.emplace(std::move(key), sum);
    return sum;
  }

  std::size_t states() const { return known_.size(); }
  std::size_t losses = 0, foreign_changes = 0, unfulfilled = 0;

 private:
  long double end(const state& s) {
    const auto after = settled(s, rules_);
    if (!wishes_hold(after) || foreign(after.list) != foreign_) ++unfulfilled;
    return 1;
  }

  rules rules_;
  std::string foreign_;
  std::unordered_map<std::string, long double> known_;
};

struct scene {
  std::string list;
  std::array<wish, 3> wanted;
  std::array<wish, 3> later{};
  std::array<bool, 3> turns{true, true, true};
  std::array<wish, 3> told_before{};
  int looks = 2;
  int faults = 2;
};

state begin(const scene& of) {
  state s;
  s.list = of.list;
  s.faults = of.faults;
  s.told = of.told_before;
  for (std::size_t i = 0; i < 3; ++i) {
    auto& k = s.keepers[i];
    k.wanted = of.wanted[i];
    k.later = of.later[i];
    k.takes_turns = of.turns[i];
    k.looks = of.looks;
    k.next = of.turns[i] ? step::announce : step::look;
  }
  return s;
}

search explored(const scene& of, rules r, const char* what) {
  search all(std::move(r), foreign(of.list));
  const auto orders = all.orders(begin(of));
  std::printf("%-60s %10zu states, %.3Lg orders, %zu steps that lose a wish\n", what, all.states(), orders, all.losses);
  return all;
}

constexpr auto denied = wish::denied, allowed = wish::allowed, none = wish::leave_alone;
constexpr std::array<bool, 3> alone{false, false, false}, in_turns{true, true, true};

}  // namespace

TEST_CASE("in whatever order three keepers write alone, every wish holds in the end and no foreign entry is touched") {
  for (const auto& of :
       {scene{"xbya", {denied, allowed, denied}, {}, alone}, scene{"xy", {denied, denied, denied}, {}, alone},
        scene{"axby", {allowed, allowed, denied}, {}, alone}}) {
    const auto all = explored(of, {}, "alone");
    CHECK(all.unfulfilled == 0);
    CHECK(all.foreign_changes == 0);
    CHECK(all.losses > 0);  // which is what turns are for
  }
}

TEST_CASE("in turns the same holds, whoever dies, sleeps past his Lease, is cut off or changes his wish") {
  for (const auto& of :
       {scene{"xby", {denied, allowed, denied}}, scene{"axy", {allowed, denied, denied}, {denied}, in_turns, {}, 1, 1},
        scene{"xby", {denied, allowed, denied}, {}, {true, true, false}, {}, 2, 1},
        scene{"xy", {denied, allowed, denied}, {}, in_turns, {none, denied, none}, 2, 1}}) {
    const auto all = explored(of, {}, "in turns, with everything that can go wrong");
    CHECK(all.unfulfilled == 0);
    CHECK(all.foreign_changes == 0);
  }
}

TEST_CASE("in turns a wish that was verified is never lost, unless a write is later than its turn or without one") {
  for (const auto& of : {scene{"xby", {denied, allowed, denied}, {}, in_turns, {}, 3},
                         scene{"xy", {denied, denied, denied}, {}, in_turns, {}, 2}}) {
    rules r;
    r.may = {false, false, true, false};
    const auto all = explored(of, r, "in turns, no write late");
    CHECK(all.losses == 0);
    CHECK(all.unfulfilled == 0);
  }
}

TEST_CASE("the model notices a merge that forgets others, and a write that is later than its turn") {
  rules forgets;
  forgets.merge_all = [](const deny_list&, std::string_view e, wish, const std::vector<fleet_wish>&) {
    return std::optional(deny_list{std::string(e)});
  };
  CHECK(explored({"xby", {denied, allowed, denied}, {}, in_turns, {}, 2, 0}, forgets, "a merge that forgets others")
            .foreign_changes > 0);
  rules late;
  late.may = {true, false, true, false};
  CHECK(explored({"xby", {denied, allowed, denied}, {}, in_turns, {}, 2, 1}, late, "writes later than their turn")
            .losses > 0);
}
