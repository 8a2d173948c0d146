// How long turns and answers are waited for, and when the list is written alone.
#include "tests/unit/keeper/fleet_fixture.hpp"

namespace ebb::keeper {

TEST_CASE("who waits for longer than a dead holder's Lease lasts writes alone, and says so once") {
  scene s;
  s.fleet.next = turn::kind::busy;
  s.wish_for(wish::denied, turn_patience - 300ms);
  CHECK(s.count("write") == 0);
  s.loop.advance(1s);
  CHECK(s.count("write") == 1);
  CHECK(s.coordinator.entries == deny_list{"n"});
  CHECK(s.k.see().verified_since.has_value());
  CHECK(s.told(incident::alone) == 1);
  CHECK_THAT(s.k.see().alone, ContainsSubstring("others have had the turn"));
}

TEST_CASE("where there is no turn the keeper writes alone at once, and asks for one again later") {
  scene s;
  s.fleet.next = turn::kind::unavailable;
  s.fleet.why = "leases: HTTP 403";
  s.wish_for(wish::denied, 100ms);
  CHECK(s.log == lines{"announce denied n", "read", "take", "write n", "read"});
  CHECK(s.told(incident::alone) == 1);
  CHECK(s.k.see().alone == "leases: HTTP 403");
  s.coordinator.entries = {};
  s.loop.advance(5s);
  CHECK(s.coordinator.entries == deny_list{"n"});
  CHECK(s.count("take") == 1);
  s.loop.advance(turns_asked_again);
  s.fleet.next = turn::kind::mine;
  s.coordinator.entries = {};
  s.loop.advance(6s);
  CHECK(s.count("take") == 2);
  CHECK(s.told(incident::alone) == 1);
  CHECK(s.told(incident::in_turns) == 1);
}

TEST_CASE("where the others may not be told the keeper writes alone at once") {
  scene s;
  s.fleet.reached = told::no;
  s.fleet.why = "leases: HTTP 403";
  s.wish_for(wish::denied, 100ms);
  CHECK(s.count("take") == 0);
  CHECK(s.coordinator.entries == deny_list{"n"});
  CHECK(s.told(incident::alone) == 1);
  s.loop.advance(20s);
  CHECK(s.told(incident::alone) == 1);
  s.fleet.reached = told::yes;
  s.loop.advance(20s);
  CHECK(s.told(incident::in_turns) == 1);
}

TEST_CASE("a server that does not answer is waited for, and then the keeper writes alone and says so once") {
  for (const bool untold : {true, false}) {
    scene s;
    if (untold) s.fleet.reached = told::unanswered;
    s.fleet.next = turn::kind::unanswered;
    s.fleet.why = "leases: timed out";
    s.fleet.announce_takes = untold ? 1s : 0s;
    s.fleet.take_takes = 1s;
    s.wish_for(wish::denied, answer_patience - 100ms);
    CHECK(s.count("write") == 0);
    CHECK(s.told(incident::alone) == 0);
    s.loop.advance(2500ms);
    CHECK(s.coordinator.entries == deny_list{"n"});
    CHECK(s.told(incident::alone) == 1);
    CHECK(s.k.see().alone == "leases: timed out");
    s.loop.advance(60s);
    CHECK(s.told(incident::alone) == 1);
  }
}

TEST_CASE("who has little time waits little, for an answer as for others") {
  for (const auto what : {turn::kind::unanswered, turn::kind::busy}) {
    scene s;
    s.k.set_patience(700ms);
    s.fleet.next = what;
    s.fleet.take_takes = 5s;
    s.wish_for(wish::denied, 600ms);
    CHECK(s.count("write") == 0);
    s.loop.advance(600ms);
    CHECK(s.coordinator.entries == deny_list{"n"});
  }
}

TEST_CASE("telling and asking for the turn share their patience") {
  scene s;
  s.fleet.reached = told::unanswered;
  s.fleet.next = turn::kind::unanswered;
  s.fleet.take_takes = 1s;
  s.wish_for(wish::denied, answer_patience - 700ms);
  s.fleet.reached = told::yes;
  s.loop.advance(1500ms);
  CHECK(s.coordinator.entries == deny_list{"n"});
}

TEST_CASE("an answer ends the wait for one, and others may have their turn") {
  scene s;
  s.fleet.next = turn::kind::unanswered;
  s.wish_for(wish::denied, answer_patience - 1s);
  s.fleet.next = turn::kind::busy;
  s.loop.advance(turn_patience - answer_patience);
  CHECK(s.count("write") == 0);
  CHECK(s.told(incident::alone) == 0);
  s.loop.advance(1500ms);
  CHECK(s.told(incident::alone) == 1);
}

TEST_CASE("for as long as others could not be told, what appears may be their doing and is no person's wish") {
  scene s;
  s.wish_for(wish::denied, 2s);
  s.fleet.reached = told::unanswered;
  s.wish_for(wish::allowed, 200s);
  s.fleet.reached = told::yes;
  s.coordinator.entries = {"n"};  // by one who knew the earlier wish
  s.loop.advance(10s);
  CHECK(s.coordinator.entries.empty());
  CHECK(s.told(incident::foreign_appeared) == 0);
  s.loop.advance(70s);
  s.coordinator.entries = {"n"};  // by a person, by now
  s.loop.advance(70s);
  CHECK(s.k.see().foreign);
}

TEST_CASE("a server that answers after all gives the turn; one that has not answered for long is not waited for") {
  scene s;
  s.fleet.why = "leases: timed out";
  s.fleet.reached = told::unanswered;
  s.wish_for(wish::denied, answer_patience - 500ms);
  s.fleet.reached = told::yes;
  s.loop.advance(600ms);
  CHECK(s.log.back() == "end");
  CHECK(s.told(incident::alone) == 0);
  s.fleet.reached = told::unanswered;
  s.loop.advance(60s);
  CHECK(s.told(incident::alone) == 1);
  s.coordinator.entries = {};
  while (s.told(incident::lost) == 0) s.loop.advance(100ms);
  s.loop.advance(100ms);
  CHECK(s.coordinator.entries == deny_list{"n"});
}

TEST_CASE("an agent without a fleet says nothing of one") {
  scene s(false);
  s.wish_for(wish::denied, 100ms);
  CHECK(s.log == lines{"read", "write n", "read"});
  CHECK(s.told(incident::alone) == 0);
}

TEST_CASE("nothing is written once the turn has run out, and after two such turns the keeper writes alone") {
  scene s;
  s.coordinator.call_takes = 3s;  // as long as a turn
  s.wish_for(wish::denied, 6100ms);
  CHECK(s.log == lines{"announce denied n", "read", "take", "read", "end", "read"});
  CHECK(s.count("write") == 0);
  s.loop.advance(40s);
  CHECK(s.count("take") == 2);
  CHECK(s.count("write") == 1);
  CHECK(s.coordinator.entries == deny_list{"n"});
  CHECK(s.k.see().verified_since.has_value());
  CHECK_THAT(s.k.see().alone, ContainsSubstring("too slow"));
  CHECK(s.told(incident::alone) == 1);
}

}  // namespace ebb::keeper
