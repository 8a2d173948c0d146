// The list is written in a turn, for all.
#include "tests/unit/keeper/fleet_fixture.hpp"

namespace ebb::keeper {

TEST_CASE("the wishes of all are written at once, from a list that was read within the turn") {
  scene s;
  s.coordinator.entries = {"x", "b"};
  s.fleet.wishes = {{"a", "a", wish::denied}, {"b", "b", wish::allowed}, {"n", "n", wish::allowed}};
  s.fleet.on_take = [&] { s.coordinator.entries = {"x", "b", "y"}; };  // what the last holder wrote
  s.wish_for(wish::denied, 100ms);
  CHECK(s.log == lines{"announce denied n", "read", "take", "read", "write x y n a", "read", "end"});
  CHECK(s.k.see().verified_since.has_value());
  CHECK(s.k.see().writes == 1);
}

TEST_CASE("a wish that is fulfilled is told and takes no turn") {
  scene s;
  s.coordinator.entries = {"n"};
  s.wish_for(wish::denied, 100ms);
  CHECK(s.log == lines{"announce denied n", "read"});
  CHECK(s.k.see().verified_since.has_value());
}

TEST_CASE("while others have the turn the list is looked at again, and nothing is written that they have written") {
  scene s;
  s.fleet.next = turn::kind::busy;
  s.wish_for(wish::denied, 300ms);
  CHECK(s.log == lines{"announce denied n", "read", "take"});
  s.coordinator.entries = {"n", "a"};
  s.loop.advance(400ms);
  CHECK(s.log == lines{"announce denied n", "read", "take", "read"});
  CHECK(s.k.see().verified_since.has_value());
  CHECK(s.k.see().writes == 0);
  CHECK(s.told(incident::alone) == 0);
}

TEST_CASE("a list that the last holder has made right within our turn is not written") {
  scene s;
  s.fleet.on_take = [&] { s.coordinator.entries = {"n"}; };
  s.wish_for(wish::denied, 100ms);
  CHECK(s.log == lines{"announce denied n", "read", "take", "read", "end"});
  CHECK(s.k.see().verified_since.has_value());
}

TEST_CASE("an entry of others that the coordinator refuses keeps nobody else off the list") {
  scene s;
  s.coordinator.refused = "bad";
  s.fleet.wishes = {{"a", "a", wish::denied}, {"bad", "bad", wish::denied}};
  s.wish_for(wish::denied, 100ms);
  CHECK(s.coordinator.entries == deny_list{"n"});
  CHECK(s.k.see().verified_since.has_value());
  CHECK(s.told(incident::rejected) == 0);
  CHECK(s.count("write") == 2);
  s.coordinator.entries.clear();
  s.loop.advance(6s);
  CHECK(s.coordinator.entries == deny_list{"n"});
  CHECK(s.count("write") == 3);  // not tried again so soon
  s.fleet.wishes.pop_back();
  s.loop.advance(look_unavailable);
  s.coordinator.entries.clear();
  s.loop.advance(6s);
  CHECK(s.coordinator.entries == deny_list{"n", "a"});
}

TEST_CASE("an own entry that the coordinator refuses is said to be") {
  scene s;
  s.coordinator.refused = "n";
  s.fleet.wishes = {{"a", "a", wish::denied}};
  s.wish_for(wish::denied, 200ms);
  CHECK(s.told(incident::rejected) == 1);
  CHECK(s.k.see().available == availability::rejected);
}

TEST_CASE("a turn ends by itself after a write that was not answered") {
  scene s;
  s.coordinator.call_takes = 1600ms;  // the read is answered within the turn, the write is not
  s.wish_for(wish::denied, 1600ms + 10ms + 3050ms);
  CHECK(s.log.back() == "run out");
  CHECK(s.count("write") == 1);
}

TEST_CASE("a write whose answer was lost, and which the list shows, ends the turn at once") {
  scene s;
  s.coordinator.lose_answers = 1;
  s.wish_for(wish::denied, 100ms);
  CHECK(s.log == lines{"announce denied n", "read", "take", "read", "write n", "read", "end"});
}

TEST_CASE("others' entries that went with ours are named, and not put back") {
  scene s;
  s.coordinator.entries = {"x", "gone"};
  s.wish_for(wish::denied, 2s);
  REQUIRE(s.coordinator.entries == deny_list{"x", "gone", "n"});
  s.coordinator.entries = {"new", "x"};
  s.loop.advance(6s);
  CHECK(s.told(incident::lost) == 1);
  CHECK(s.k.see().lost_beside == lines{"gone"});
  CHECK(s.coordinator.entries == deny_list{"new", "x", "n"});
  s.coordinator.entries = {"x"};  // ours alone is lost with one that was seen
  s.loop.advance(6s);
  CHECK(s.k.see().lost_beside == lines{"new"});
  s.coordinator.entries.assign(50, "y");
  for (std::size_t i = 0; i < 50; ++i) s.coordinator.entries[i] += std::to_string(i);
  s.coordinator.entries.push_back("n");
  s.loop.advance(6s);
  s.coordinator.entries.clear();
  s.loop.advance(6s);
  CHECK(s.told(incident::lost) == 3);
  CHECK(s.k.see().lost_beside.size() == lost_beside_named);
}

TEST_CASE("a wish that changes while the turn is taken gives it back without a write") {
  scene s;
  s.fleet.on_take = [&] { s.k.set_wish(wish::allowed); };
  s.wish_for(wish::denied, 30ms);
  s.fleet.on_take = nullptr;
  s.loop.advance(100ms);
  CHECK(s.count("write") == 0);
  CHECK(s.count("end") == 1);
  CHECK(s.fleet.announced == "announce allowed n");
}

TEST_CASE("others take an entry off for an agent that has just been admitted, and no longer after dremio.reclaim") {
  scene s;
  s.coordinator.entries = {"n"};
  s.wish_for(wish::allowed, 1s);
  CHECK(s.fleet.announced == "announce allowed n");
  s.loop.advance(58s);
  CHECK(s.fleet.announced == "announce allowed n");
  s.loop.advance(1100ms);
  CHECK(s.fleet.announced == "announce leave_alone n");
}

TEST_CASE("a paused node wishes nothing of others, and its drain does") {
  scene s;
  s.wish_for(wish::allowed, 70s);
  s.coordinator.entries = {"n"};  // by a person
  s.loop.advance(70s);
  CHECK(s.k.see().foreign);
  CHECK(s.fleet.announced == "announce leave_alone n");
  CHECK(s.count("take") == 0);
  s.wish_for(wish::denied, 1s);
  CHECK(s.fleet.announced == "announce denied n");
}

}  // namespace ebb::keeper
