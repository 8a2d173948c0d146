// Fleets that share a deny list by way of Leases: turns, incarnations, clusters, writers that know of no Lease.
#include "tests/sim/kubernetes_scenes.hpp"

namespace ebb::sim {
namespace {

using core::cause;
using core::state;

// How many of the first `n` agents have seen their entry on the list.
int verified(fleet& f, int n) {
  int count = 0;
  for (int i = 0; i < n; ++i) count += f.at(i).life().phase >= core::phase::quiescing && f.denied(i) ? 1 : 0;
  return count;
}

void delete_first(fleet& f, int n) {
  for (int i = 0; i < n; ++i) f.kube().delete_pod(i);
}

std::string mutex_of(fleet& f) {
  for (const auto& e : f.kube().model().store().list(resource::leases, ""))
    if (e->name().starts_with("ebb-deny-list-")) return e->name();
  return {};
}

std::string holder_of(fleet& f) {
  const auto name = mutex_of(f);
  const auto e = name.empty() ? nullptr : f.kube().model().store().find(resource::leases, "dremio", name);
  return e ? text_at(e->value(), {"spec", "holderIdentity"}) : "";
}

TEST_CASE("P3_ a fleet that is deleted at once shares a few writes of the list", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(20));
    const auto writes = f.cluster().head().denied().writes();
    delete_first(f, 10);
    REQUIRE(w.run_while_not([&] { return verified(f, 10) == 10; }, 5s));
    CHECK(f.cluster().head().denied().writes() - writes <= 5);
    for (int i = 0; i < 10; ++i) REQUIRE(ends_within(w, f.at(i), 60s));
    w.run_for(5s);
    CHECK(f.list().empty());
    no_right_was_missing(f);
  });
}

// What the old one of two pods of one name learns of the end of its own.
enum class news { at_once, late, never };

// A node is lost: its pod is removed by force, and a successor of the same name, and the same entry, starts elsewhere.
void replace(world& w, fleet& f, news heard) {
  if (heard != news::at_once) w.net().cut("executor-0", api_server::host_name);
  f.kube().lose_pod(0);
  f.at(2).settings.dremio.node_name = "executor-0";
  f.kube().give_pod(2, "executor-0");
  f.at(2).start();
  REQUIRE(reaches(w, f.at(2), state::serving, 30s));
  w.run_for(90s);
  if (heard == news::late) w.net().heal();
  w.run_for(30s);
}

TEST_CASE("old_and_new_incarnation_do_not_fight: the entry is the successor's, whatever the old one does", "[sim]") {
  for (const auto heard : {news::at_once, news::late, news::never})
    for (const bool old_drains : {false, true}) {
      if (old_drains && heard != news::at_once) continue;  // one name, two owners, and neither can know: not promised
      scenario([=](world& w) {
        auto o = in_kubernetes(3);
        o.idle_containers = 1;
        fleet f(w, o);
        w.run_for(90s);  // admitted for good
        if (old_drains) CHECK(asked(w, f.at(0), "POST", "/drain?force=true").status == 202);
        w.run_for(5s);
        replace(w, f, heard);
        CHECK(f.at(0).running() == (heard == news::never));  // a forced deletion ends it as soon as it is heard of
        CHECK(f.at(2).life().now == state::serving);
        CHECK(f.list().empty());
        CHECK(asked(w, f.at(2), "POST", "/drain?force=true").status == 202);
        w.run_for(5s);
        int absent = 0;
        w.every(1s, [&] { absent += f.denied(0) ? 0 : 1; });
        w.run_for(180s);
        CHECK(absent == 0);
        CHECK(f.at(2).life().phase == core::phase::drained);
      });
    }
}

TEST_CASE("an agent whose pod is gone writes the list no more, though it stops its executor", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3));
    w.run_for(90s);
    const auto writes = f.cluster().head().denied().writes();
    f.kube().delete_pod(0, 0);
    REQUIRE(ends_within(w, f.at(0), 5s));
    w.run_for(10s);
    CHECK(f.cluster().head().denied().writes() == writes);
  });
}

TEST_CASE("two_clusters_one_namespace: neither touches the other's list", "[sim]") {
  scenario([](world& w) {
    fleet a(w, in_kubernetes(6));
    auto o = in_kubernetes(6);
    o.prefix = "other-";
    o.coordinator.cluster_id = "00000000-1111-4222-8333-444444444444";
    o.api = &a.kube().api();
    fleet b(w, o);
    a.write_list({"persons-entry"});
    b.write_list({"another-persons"});
    int wrong = 0;
    w.always(50ms, [&] {
      for (const auto& e : a.list()) wrong += e.starts_with("executor-") || e == "persons-entry" ? 0 : 1;
      for (const auto& e : b.list()) wrong += e.starts_with("other-executor-") || e == "another-persons" ? 0 : 1;
    });
    delete_first(a, 3);
    delete_first(b, 3);
    REQUIRE(w.run_while_not([&] { return verified(a, 3) == 3 && verified(b, 3) == 3; }, 5s));
    w.run_for(60s);
    CHECK(wrong == 0);
    CHECK(a.list() == std::vector<std::string>{"persons-entry"});
    CHECK(b.list() == std::vector<std::string>{"another-persons"});
    no_right_was_missing(a);
  });
}

std::size_t agents_of(fleet& f) {
  std::size_t n = 0;
  for (int i = 0; i < f.size(); ++i) n += f.at(i).agents();
  return n;
}

// Stops the agent that takes the turn first, so long after it took it.
int pause_holder(world& w, fleet& f, rt::duration after) {
  const auto paused = std::make_shared<std::optional<int>>();
  w.every(1ms, [&f, &w, paused, after] {
    if (*paused) return;
    const auto holder = holder_of(f);
    for (int i = 0; i < f.size() && !*paused; ++i)
      if (holder.starts_with(f.at(i).name() + "_")) *paused = i;
    if (*paused) w.after(after, [&f, i = **paused] { f.at(i).silence_agent(); });
  });
  delete_first(f, 5);
  REQUIRE(w.run_while_not([&] { return paused->has_value(); }, 3s));
  return **paused;
}

// The list changes while the holder sleeps: by the others, who go on, and by a person.
void live_through_a_pause(world& w, rt::duration after) {
  fleet f(w, in_kubernetes(10));
  w.run_for(1s);
  for (int i = 0; i < 5; ++i) f.start_fragment(i, 60s);
  const auto paused = pause_holder(w, f, after);
  const auto others = [&] {
    int there = 0;
    for (int i = 0; i < 5; ++i) there += i != paused && f.denied(i) ? 1 : 0;
    return there;
  };
  CAPTURE(after / 1ms, paused);
  REQUIRE(w.run_while_not([&] { return others() == 4; }, 12s));
  auto list = f.list();
  list.emplace_back("written-meanwhile");
  f.write_list(list);
  w.run_for(500ms);
  f.at(paused).agent().thaw();
  const auto agents = agents_of(f);
  int lost = 0;
  w.always(2ms, [&] { lost += f.cluster().head().denied().holds("written-meanwhile") && others() == 4 ? 0 : 1; });
  REQUIRE(w.run_while_not([&] { return verified(f, 5) == 5; }, 20s));
  CHECK(lost == 0);
  CHECK(agents_of(f) == agents);  // init did not lose its patience
  for (int i = 0; i < 5; ++i) REQUIRE(ends_within(w, f.at(i), 120s));
  w.run_for(10s);
  CHECK(f.list() == std::vector<std::string>{"written-meanwhile"});
}

// Two seeds for each moment between taking the turn and giving it back: a world that is looked at each millisecond
// takes its time.
TEST_CASE("lease_holder_paused_past_its_lease: others go on, and it writes nothing of what it read before", "[sim]") {
  for (const auto after : {0ms, 4ms, 6ms, 8ms, 10ms, 12ms, 15ms, 20ms})
    for (const std::uint64_t seed : {1U, 2U}) play(seed, [after](world& w) { live_through_a_pause(w, after); });
}

TEST_CASE("P3_ a drain that is withdrawn while the API is away leaves no node paused", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(4));
    w.run_for(70s);
    CHECK(asked(w, f.at(1), "POST", "/drain").status == 202);
    w.run_for(5s);
    w.net().cut(f.at(1).name(), api_server::host_name);
    CHECK(asked(w, f.at(1), "POST", "/undrain").status < 300);
    w.run_for(100s);
    CHECK(f.at(1).life().now == state::serving);
    w.net().heal();
    f.kube().delete_pod(2);  // its agent still reads that the other wants to be denied
    w.run_for(120s);
    CHECK(f.at(1).life().now == state::serving);
    CHECK_FALSE(f.denied(1));
  });
}

TEST_CASE("slow_coordinator_outlasts_the_mutex: turns that run out give way to writing alone", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(6));
    lab::fault_rule slow;
    slow.before = {3200ms, 3800ms};  // no read ends within a turn
    f.faults().add(slow);
    delete_first(f, 3);
    for (int i = 0; i < 3; ++i) {
      REQUIRE(ends_within(w, f.at(i), 300s));
      ended_well(f, i);
    }
    CHECK(w.log().contains("the coordinator is too slow to write the list in turns"));
    for (int i = 3; i < 6; ++i) CHECK(f.at(i).life().now == state::serving);
    for (const auto& e : f.list()) CHECK((e == "executor-0" || e == "executor-1" || e == "executor-2"));
  });
}

// Whether the log says of an entry like that that it went with an agent's own.
bool reported_lost(world& w, std::string_view entry) {
  return std::ranges::any_of(w.log().lines(), [entry](const auto& line) {
    const auto at = line.find(" beside=");
    return line.find("event=deny_list.lost") != line.npos && at != line.npos &&
           line.substr(at, line.find(' ', at + 1) - at).find(entry) != line.npos;
  });
}

TEST_CASE("mixed_fleet_with_shell_hooks: what writers without a Lease destroy is repaired, theirs is reported",
          "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(8));
    // Each hook reads the list, thinks for half a second, and writes what it read with its own entry.
    auto draws = w.fork("hooks");
    for (int hook = 0; hook < 6; ++hook)
      w.after(draws.between(0s, 6s), [&f, &w, hook] {
        auto list = f.list();
        list.push_back("shell-" + std::to_string(hook));
        w.after(500ms, [&f, list] { f.write_list(list); });
      });
    // Of the last two, the second destroys the first.
    w.after(7s, [&f] {
      auto list = f.list();
      list.emplace_back("shell-6");
      f.write_list(list);
    });
    w.after(13s, [&f] { f.write_list({"shell-0", "shell-1"}); });
    for (int i = 0; i < 4; ++i) f.start_fragment(i, 60s);
    delete_first(f, 4);
    w.run_for(20s);
    CHECK(verified(f, 4) == 4);
    CHECK(reported_lost(w, "shell-6"));
    for (int i = 0; i < 4; ++i) REQUIRE(ends_within(w, f.at(i), 120s));
    w.run_for(10s);
    CHECK(f.list() == std::vector<std::string>{"shell-0", "shell-1"});
    for (int i = 4; i < 8; ++i) CHECK(f.at(i).life().now == state::serving);
  });
}

TEST_CASE("rbac_denied_everything_else_works: drains as without Kubernetes, and says which rule is missing", "[sim]") {
  scenario([](world& w) {
    auto o = in_kubernetes(4, steady_load(5));
    o.kubernetes->permitted = false;
    o.settings.drain.grace = 120s;
    fleet f(w, o);
    w.run_for(3600s);
    CHECK(f.all(state::serving));
    for (int i = 0; i < 4; ++i) CHECK(f.kube().requests_of(executor_name(i), w.start()) < 90);
    const auto status = asked(w, f.at(1), "GET", "/status", 9011).body;
    CHECK(status.find("forbidden") != std::string::npos);
    CHECK(status.find("deploy/rbac.yaml") != std::string::npos);
    delete_first(f, 2);
    for (int i = 0; i < 2; ++i) {
      REQUIRE(ends_within(w, f.at(i), 60s));
      ended_well(f, i);
    }
    CHECK(f.list().empty());
  });
}

TEST_CASE("P4_ agents that serve ask the API for nothing but their watches", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(10, steady_load(5)));
    w.run_for(120s);
    const auto from = w.now();
    w.run_for(3600s);
    for (int i = 0; i < 10; ++i) {
      CAPTURE(i, f.kube().requests_of(executor_name(i), from));
      CHECK(f.kube().requests_of(executor_name(i), from) <= 60);
    }
    no_right_was_missing(f);
  });
}

}  // namespace
}  // namespace ebb::sim
