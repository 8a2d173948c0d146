#pragma once
// The keeper in a fleet: the ports are played by the test, time is by hand.
#include <deque>

#include "agent/keeper/keeper.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

namespace ebb::keeper {

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
  rt::task<told> announce(wish w, std::string entry, rt::duration patience) override {
    const auto text = "announce " + std::string(core::name(w)) + " " + entry;
    if (text != announced) log.push_back(text);
    announced = reached == told::yes ? text : "";
    if (clock.now() < again_at) co_return reached;
    const auto takes = std::min(patience, announce_takes);
    co_await clock.sleep_for(takes);
    if (reached == told::unanswered) again_at = clock.now() + 1s;
    co_return reached;
  }
  rt::task<turn> take_turn(rt::duration patience) override {
    log.push_back("take");
    const auto takes = std::min(patience, take_takes);
    co_await clock.sleep_for(takes);
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

}  // namespace ebb::keeper
