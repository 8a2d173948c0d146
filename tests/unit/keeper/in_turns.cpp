// The keeper in a fleet: the ports are played by the test, time is by hand.
#include <deque>

#include "agent/keeper/keeper.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

namespace ebb::keeper {
namespace {

using namespace std::chrono_literals;
using core::deny_list;
using core::list_outcome;
using core::wish;

// Half of everything.
class even_random final : public rt::random_source {
 public:
  std::uint64_t next() override { return std::uint64_t{1} << 63; }
};

// A coordinator whose calls take time, and say what they were.
struct list final : list_port {
  list(rt::clock_source& c, std::vector<std::string>& l) : clock(c), log(l) {}
  rt::task<list_call> read(rt::deadline dl) override {
    log.push_back("read");
    if (!co_await takes(dl)) co_return list_call{list_outcome::retry, {}, "timed out", {}};
    co_return list_call{list_outcome::ok, entries, {}, {}};
  }
  rt::task<list_call> write(deny_list wanted, rt::deadline dl) override {
    std::string text = "write";
    for (const auto& e : wanted) text += " " + e;
    log.push_back(text);
    if (core::contains(wanted, refused))
      co_return list_call{list_outcome::rejected, {}, "Unknown node: " + refused, {}};
    entries = std::move(wanted);
    if (!co_await takes(dl) || lose_answers-- > 0) co_return list_call{list_outcome::retry, {}, "no answer", {}};
    co_return list_call{list_outcome::ok, {}, {}, {}};
  }
  rt::duration pause_before_retry(std::optional<rt::duration>) override { return 100ms; }
  rt::task<bool> takes(rt::deadline dl) {
    const auto end = clock.now() + call_takes;
    const auto awake = std::min(end, dl.at());
    co_await clock.sleep_until(awake);
    co_return end <= dl.at();
  }

  rt::clock_source& clock;
  std::vector<std::string>& log;
  deny_list entries;
  rt::duration call_takes = 10ms;
  int lose_answers = 0;
  std::string refused = "never asked for";
};

struct others final : fleet_port {
  others(rt::clock_source& c, std::vector<std::string>& l) : clock(c), log(l) {}
  rt::task<told> announce(wish w, std::string entry, rt::deadline dl) override {
    const auto text = "announce " + std::string(core::name(w)) + " " + entry;
    if (text != announced) log.push_back(text);
    announced = reached == told::yes ? text : "";
    if (clock.now() < again_at) co_return reached;
    const auto answered = clock.now() + announce_takes;
    co_await clock.sleep_until(dl.sooner(answered).at());
    if (reached == told::unanswered) again_at = clock.now() + 1s;
    co_return reached;
  }
  rt::task<turn> take_turn(rt::deadline dl) override {
    log.push_back("take");
    const auto answered = clock.now() + take_takes;
    co_await clock.sleep_until(dl.sooner(answered).at());
    if (on_take) on_take();
    co_return turn{next, wishes, clock.now() + core::longest_turn};
  }
  rt::task<> end_turn(bool all_answered) override {
    log.push_back(all_answered ? "end" : "run out");
    co_return;
  }
  const std::string& trouble() const override { return why; }

  rt::clock_source& clock;
  std::vector<std::string>& log;
  told reached = told::yes;
  rt::duration announce_takes{};
  rt::time_point again_at{};
  turn::kind next = turn::kind::mine;
  std::vector<core::fleet_wish> wishes;
  rt::duration take_takes = 10ms;
  std::function<void()> on_take;
  std::string announced, why;
};

struct scene {
  explicit scene(bool with_fleet = true)
      : k(loop.clock, random, coordinator, with_fleet ? &fleet : nullptr, {}, loop.io.get_executor(),
          [this](incident i, const view&) { incidents.push_back(i); }) {
    k.set_entry("n");
    loop.spawn(k.run());
  }
  std::size_t told(incident i) const { return static_cast<std::size_t>(std::ranges::count(incidents, i)); }
  std::size_t count(std::string_view what) const {
    return static_cast<std::size_t>(std::ranges::count_if(log, [&](const auto& l) { return l.starts_with(what); }));
  }
  void wish_for(wish w, rt::duration and_pass) {
    k.set_wish(w);
    loop.advance(and_pass);
  }

  test::loop loop;
  even_random random;
  std::vector<std::string> log;
  std::vector<incident> incidents;
  list coordinator{loop.clock, log};
  others fleet{loop.clock, log};
  keeper k;
};

using lines = std::vector<std::string>;

}  // namespace

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

TEST_CASE("a server that answers after all gives the turn; one that has not answered for long is not waited for") {
  scene s;
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
