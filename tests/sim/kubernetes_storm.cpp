// Everything at once: a fleet whose pods come and go while agents die, hosts are cut off, clocks jump, tokens change
// and both servers fail in every honest way. The promises hold in the end and all along.
#include <algorithm>

#include "tests/sim/kubernetes_scenes.hpp"

namespace ebb::sim {
namespace {

using core::state;

struct storm {
  int executors = 40;
  double per_second = 30;
  rt::duration lasts = 180s;
  int pods_a_minute = 8;     // deleted or evicted, and replaced
  int nodes_a_minute = 4;    // cordoned for a while, or asked to drain by annotation
  int agents_a_minute = 10;  // killed or stopped
  int cuts_a_minute = 20;    // between an executor and one of the servers
};

// The draws are made beforehand, in one order, whatever happens in between.
class weather {
 public:
  weather(world& w, fleet& f, storm s) : world_(w), fleet_(f), storm_(s), draws_(w.fork("storm")) {
    servers();
    clocks();
    repeat(s.pods_a_minute, [this](int i, bool coin) { coin ? fleet_.kube().evict(i) : fleet_.kube().delete_pod(i); });
    repeat(s.nodes_a_minute, [this](int i, bool coin) { trouble_node(i, coin, true); });
    repeat(s.agents_a_minute, [this](int i, bool coin) {
      if (!fleet_.at(i).running() || !fleet_.at(i).init().agent_runs()) return;
      coin ? fleet_.at(i).kill_agent() : fleet_.at(i).silence_agent();
    });
    repeat(s.cuts_a_minute, [this](int i, bool coin) {
      const std::string a = fleet_.at(i).name(), b = coin ? coordinator_name : api_server::host_name;
      world_.net().cut(a, b);
      world_.after(draws_.between(1s, 20s), [this, a, b] { world_.net().mend(a, b); });
    });
  }

  // Nothing goes wrong from here on.
  void ends() {
    fleet_.faults().clear();
    fleet_.kube().api().faults().clear();
    world_.net().faults = {};
    world_.net().heal();
    for (const auto& [i, coin] : troubled_) trouble_node(i, coin, false);
  }

 private:
  void repeat(int a_minute, std::function<void(int, bool)> what) {
    const auto n = a_minute * (storm_.lasts / 1s) / 60;
    for (int k = 0; k < n; ++k) {
      const auto when = draws_.between(0s, storm_.lasts);
      const auto i = static_cast<int>(draws_.below(static_cast<std::size_t>(storm_.executors)));
      world_.after(when, [what, i, coin = draws_.chance(0.5)] { what(i, coin); });
    }
  }

  void trouble_node(int i, bool by_cordon, bool on) {
    if (by_cordon)
      fleet_.kube().cordon(i, on);
    else
      fleet_.kube().annotate(i, "ebb.dev/drain", on ? std::optional<std::string>("true") : std::nullopt);
    if (on) troubled_.emplace_back(i, by_cordon);
  }

  void servers() {
    fleet_.kube().api().faults().add_honest_ones(0.01, world_.now(), world_.now() + storm_.lasts);
    lab::fault_rule slow, errors, lost;
    slow.chance = 0.2;
    slow.before = slow.after = {0ms, 300ms};
    errors.chance = 0.05;
    errors.what = lab::fault::status;
    lost.chance = 0.02;
    lost.what = lab::fault::lost_answer;
    for (const auto& r : {slow, errors, lost}) fleet_.faults().add(r);
    world_.net().faults = {.lost_syn = 0.01, .refused = 0.005, .reset = 0.02, .half_open = 0.005};
    world_.after(storm_.lasts / 3, [this] { fleet_.kube().rotate_tokens(30s); });
    world_.after(storm_.lasts / 2, [this] {
      fleet_.kube().api().machine().crash();
      fleet_.kube().model().forget_history();
    });
    world_.after(storm_.lasts / 2 + 15s, [this] { fleet_.kube().api().machine().boot(); });
  }

  void clocks() {
    for (int i = 0; i < storm_.executors; ++i) {
      fleet_.at(i).agent().clock().drift(static_cast<int>(draws_.below(400)) - 200);
      if (draws_.chance(0.2)) fleet_.at(i).agent().clock().jump(draws_.between(-600s, 600s));
    }
  }

  world& world_;
  fleet& fleet_;
  storm storm_;
  random draws_;
  std::vector<std::pair<int, bool>> troubled_;
};

void live_through(world& w, const storm& s) {
  auto o = in_kubernetes(s.executors, steady_load(s.per_second), 300s);
  o.load.lasts = {200ms, 8s};
  o.kubernetes->successors = true;
  fleet f(w, o);
  f.write_list({"foreign-1", "foreign-2"});
  int foreign_lost = 0;
  w.always(1s, [&] {
    for (const auto* e : {"foreign-1", "foreign-2"}) foreign_lost += f.cluster().head().denied().holds(e) ? 0 : 1;
  });
  weather bad(w, f, s);
  const auto began = w.now();
  w.run_for(s.lasts);
  bad.ends();
  const auto settled = [&] {
    for (int i = 0; i < s.executors; ++i)
      if (!f.at(i).running() || f.at(i).life().now != state::serving || f.denied(i)) return false;
    return true;
  };
  CHECK(w.run_while_not(settled, 600s));  // P3, P5: every one of them came back, and is allowed
  CHECK(f.lost() == 0);                   // P1
  CHECK(foreign_lost == 0);               // P3
  const auto ended = std::ranges::count_if(
      f.cluster().events(), [](const lab::cluster::event& e) { return e.what == lab::cluster::event::kind::exited; });
  CHECK(ended >= s.pods_a_minute * (s.lasts / 1s) / 120);  // it was a storm
  CHECK(f.list() == std::vector<std::string>{"foreign-1", "foreign-2"});
  for (int i = 0; i < s.executors; ++i) {
    CAPTURE(f.at(i).name(), core::sentence(f.at(i).life()));
    CHECK_FALSE(f.kube().killed(i));  // P2
    CHECK(f.denied(i) == (f.at(i).life().now != state::serving));
    const auto minutes = static_cast<std::size_t>((w.now() - began) / 1min + 1);
    CHECK(f.kube().requests_of(f.at(i).name(), began) < 60 * minutes);  // P4
  }
  no_right_was_missing(f);
}

TEST_CASE("P1_ P2_ P3_ P4_ P5_ forty pods in a storm", "[sim]") {
  scenario([](world& w) { live_through(w, {}); });
}

TEST_CASE("P1_ P2_ P3_ P4_ P5_ five hundred pods in a storm", "[sim]") {
  play(1, [](world& w) {
    live_through(w, {.executors = 500,
                     .per_second = 25,
                     .lasts = 60s,
                     .pods_a_minute = 150,
                     .nodes_a_minute = 40,
                     .agents_a_minute = 80,
                     .cuts_a_minute = 150});
  });
}

}  // namespace
}  // namespace ebb::sim
