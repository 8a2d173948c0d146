// Large fleets: what a deletion of everything at once costs, and what faults of every kind do to five hundred agents.
#include <algorithm>
#include <charconv>
#include <iostream>
#include <map>

#include "tests/sim/kubernetes_scenes.hpp"

namespace ebb::sim {
namespace {

using core::state;

struct cost {
  rt::duration last{0};  // until all entries were verified
  std::size_t writes = 0;
  std::size_t most_requests = 0;  // of one agent to the API, other than its watches
  double mean_requests = 0;
  std::size_t list_calls = 0;
};

int number_of(const std::string& agent) {
  int n = 0;
  const auto digits = agent.find_first_of("0123456789");
  std::from_chars(agent.data() + digits, agent.data() + agent.size(), n);
  return n;
}

std::size_t calls(fleet& f) {
  std::size_t n = 0;
  for (const auto& [what, count] : f.cluster().head().counts())
    if (what.find("blacklist") != std::string::npos) n += count;
  return n;
}

cost delete_all(world& w, fleet& f) {
  const auto began = w.now();
  const auto writes = f.cluster().head().denied().writes();
  const auto before = calls(f);
  for (int i = 0; i < f.size(); ++i) f.kube().delete_pod(i);
  std::vector<bool> done(static_cast<std::size_t>(f.size()));
  int left = f.size();
  cost c;
  std::map<std::string, std::size_t> requests;
  std::size_t seen = f.kube().model().access().records().size();
  const auto look = [&] {
    const auto& all = f.kube().model().access().records();
    for (; seen < all.size(); ++seen) {
      const auto& r = all[seen];
      const auto i = static_cast<std::size_t>(number_of(r.agent));
      if (!done[i] && r.verb != "watch") ++requests[r.agent];
    }
    for (int i = 0; i < f.size(); ++i) {
      const auto n = static_cast<std::size_t>(i);
      if (done[n] || f.at(i).life().phase < core::phase::quiescing) continue;
      done[n] = true;
      --left;
    }
    return left == 0;
  };
  bool all = false;
  for (int step = 0; step < 6000 && !all; ++step) {
    w.run_for(10ms);
    all = look();
  }
  REQUIRE(all);
  c.last = w.now() - began;
  c.writes = f.cluster().head().denied().writes() - writes;
  c.list_calls = calls(f) - before;
  std::size_t sum = 0;
  for (const auto& [agent, n] : requests) {
    sum += n;
    c.most_requests = std::max(c.most_requests, n);
  }
  c.mean_requests = static_cast<double>(sum) / f.size();
  return c;
}

// What calls take on real servers: etcd's disk, a large list.
void take_time(fleet& f) {
  auto any = on_api(api_fault::none);
  any.least = 3ms;
  any.most = 20ms;
  f.kube().api().faults().add(any);
  auto lists = on_api(api_fault::none, {}, "list");
  lists.least = 20ms;
  lists.most = 100ms;
  f.kube().api().faults().add(lists);
  lab::fault_rule slow;
  slow.before = slow.after = {10ms, 20ms};
  f.faults().add(slow);
}

TEST_CASE("P3_ a thousand agents told to stop at once", "[sim]") {
  play(1, [](world& w) {
    fleet f(w, in_kubernetes(1000));
    take_time(f);
    w.run_for(10s);
    const auto c = delete_all(w, f);
    std::cout << "1000 agents: all verified after " << std::chrono::duration<double>(c.last).count() << " s, "
              << c.writes << " writes, " << c.list_calls << " list calls, " << c.mean_requests
              << " API requests an agent (most: " << c.most_requests << ")\n";
    CHECK(c.last <= 5s);
    CHECK(c.writes <= 10);
    CHECK(c.mean_requests <= 10);
  });
}

}  // namespace
}  // namespace ebb::sim
