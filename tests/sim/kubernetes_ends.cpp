// Ends of pods and containers as kubelets, nodes and people bring them about: hooks, force, evictions, restarts.
#include "tests/sim/command_scenes.hpp"
#include "tests/sim/fleet/api_pods.hpp"
#include "tests/sim/kubernetes_scenes.hpp"

namespace ebb::sim {
namespace {

using core::cause;
using core::state;

TEST_CASE("sigterm_with_hook_open_stops_in_2s: a hook that used the grace up leaves the executor two seconds",
          "[sim]") {
  scenario([](world& w) {
    auto o = in_kubernetes(2, no_load(), 60s);
    o.kubernetes->before_stop = pre_stop::hook;
    o.settings.drain.grace = 60s;
    fleet f(w, o);
    f.kube().model().access().deny_everything();  // so that the hook is all that is known
    w.net().reset("executor-1", api_server::host_name);
    w.run_for(1s);
    f.start_fragment(1, 1h);
    f.kube().delete_pod(1);
    // The agent is stopped when it would have let the hook go, and goes on as SIGTERM comes.
    w.run_for(47s);
    REQUIRE(f.at(1).running());
    f.at(1).silence_agent();
    REQUIRE(w.run_while_not([&] { return f.kube().told(1).has_value(); }, 20s));
    w.run_for(50ms);
    f.at(1).agent().thaw();
    const auto told = *f.kube().told(1);
    REQUIRE(ends_within(w, f.at(1), 10s));
    CHECK(*f.signalled_after(1, told) < 200ms);
    CHECK(*f.at(1).ended_at() - told < 2s);
    CHECK_FALSE(f.kube().killed(1));
  });
}

TEST_CASE("P1_ P2_ a preStop hook of either kind holds SIGTERM back until the node is drained", "[sim]") {
  for (const auto kind : {pre_stop::hook, pre_stop::drain_wait})
    scenario([kind](world& w) {
      auto o = in_kubernetes(3, steady_load(5), 300s);
      o.kubernetes->before_stop = kind;
      fleet f(w, o);
      const auto began = w.now();
      f.kube().delete_pod(1);
      REQUIRE(ends_within(w, f.at(1), 120s));
      ended_well(f, 1);
      CHECK(*f.signalled_after(1, began) > 10s);
      if (kind == pre_stop::hook) CHECK((!f.kube().told(1) || *f.kube().told(1) - began > 10s));
    });
}

TEST_CASE("a forced deletion stops the executor at once and leaves the entry to the successor", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3));
    f.start_fragment(1, 1h);
    CHECK(asked(w, f.at(1), "POST", "/drain").status == 202);
    w.run_for(5s);
    REQUIRE(f.denied(1));
    f.kube().delete_pod(1, 0);
    const auto deleted = w.now();
    REQUIRE(ends_within(w, f.at(1), 5s));
    CHECK(*f.signalled_after(1, deleted) < 1s);
    CHECK(*f.at(1).ended_at() - deleted < 2300ms);
    w.run_for(10s);
    CHECK(f.denied(1));
  });
}

TEST_CASE("what outlives a forced deletion is killed by its own init, before the kubelet would", "[sim]") {
  scenario([](world& w) {
    auto o = in_kubernetes(3);
    o.executor.grace = 60s;
    fleet f(w, o);
    f.start_fragment(1, 1h);
    f.kube().delete_pod(1, 0);
    const auto deleted = w.now();
    REQUIRE(ends_within(w, f.at(1), 5s));
    CHECK(*f.at(1).ended_at() - deleted < 2300ms);
    CHECK_FALSE(f.kube().killed(1));
  });
}

// Whoever has the name now may take the entry off: nothing but the metric is left, and it is looked at for long.
TEST_CASE("P1_ a deleted pod that is gone before its container is told has the long window", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3, no_load(), 300s));
    const auto pod = f.kube().pod_of(1);
    f.kube().model().delete_pod(fleet_namespace, pod, std::nullopt);
    REQUIRE(joins(w, f.at(1), cause::deletion, 1s));
    f.kube().model().remove(resource::pods, fleet_namespace, pod);
    const auto gone = w.now();
    REQUIRE(joins(w, f.at(1), cause::disappeared, 1s));
    REQUIRE(ends_within(w, f.at(1), 120s));
    CHECK(*f.signalled_after(1, gone) >= 29s);
  });
}

TEST_CASE("P1_ an eviction is announced by its condition, and drains by its deletion", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3, steady_load(5)));
    f.kube().evict(1);
    REQUIRE(joins(w, f.at(1), cause::deletion, 1s));
    CHECK(w.log().contains("event=pod.disruption announced=EvictionByEvictionAPI"));
    REQUIRE(ends_within(w, f.at(1), 120s));
    ended_well(f, 1);
  });
}

TEST_CASE("lesson_02_ a container that its kubelet restarts has the short grace, and is allowed again", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3));
    f.start_fragment(1, 1h);
    const auto began = w.now();
    const auto uid = f.kube().uid_of(1);
    f.kube().restart_container(1);
    REQUIRE(ends_within(w, f.at(1), 60s));
    CHECK(*f.at(1).ended_at() - began < 16s);  // busy to the end of drain.short
    CHECK(*f.signalled_after(1, began) > 5s);
    REQUIRE(reaches(w, f.at(1), state::serving, 30s));
    CHECK(f.kube().uid_of(1) == uid);
    CHECK(f.list().empty());
    CHECK_FALSE(f.kube().killed(1));
  });
}

TEST_CASE("P2_ a node that shuts down gives its pods the short grace, known by the node or by the pod", "[sim]") {
  for (const bool permitted : {true, false})
    scenario([permitted](world& w) {
      auto o = in_kubernetes(3);
      o.kubernetes->nodes_permitted = permitted;
      fleet f(w, o);
      f.start_fragment(1, 1h);
      const auto began = w.now();
      f.kube().shut_node_down(1);
      REQUIRE(ends_within(w, f.at(1), 30s));
      CHECK(*f.at(1).ended_at() - began < 15s);
      CHECK(*f.signalled_after(1, began) > 5s);
      CHECK_FALSE(f.kube().killed(1));
    });
}

TEST_CASE("a cordon, a taint and an annotation deny early, stop nothing, and are undone when they go", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(4));
    f.kube().cordon(1, true);
    f.kube().taint(2, "ToBeDeletedByClusterAutoscaler", true);
    f.kube().annotate(3, "ebb.dev/drain", "true");
    w.run_for(30s);
    for (int i = 1; i < 4; ++i) {
      CHECK(f.denied(i));
      CHECK(f.at(i).life().phase == core::phase::drained);
      CHECK_FALSE(f.signalled_after(i, w.start()));
    }
    f.kube().cordon(1, false);
    f.kube().taint(2, "ToBeDeletedByClusterAutoscaler", false);
    f.kube().annotate(3, "ebb.dev/drain", std::nullopt);
    REQUIRE(w.run_while_not([&] { return f.all(state::serving); }, 30s));
    CHECK(f.list().empty());
    f.kube().taint(2, "node.kubernetes.io/unreachable", true);  // not one of the list
    w.run_for(10s);
    CHECK(f.all(state::serving));
    no_right_was_missing(f);
  });
}

TEST_CASE("hook_body_under_8KiB_for_2h: /drain/wait is held for two hours and says little", "[sim]") {
  scenario([](world& w) {
    auto o = in_kubernetes(2, no_load(), 3h);
    fleet f(w, o);
    f.start_fragment(1, 10h);
    f.kube().delete_pod(1);
    REQUIRE(joins(w, f.at(1), cause::deletion, 1s));
    const auto held = f.at(1).ask("GET", "/drain/wait", 9011);
    w.run_for(2h);
    CHECK_FALSE(held->done);
    REQUIRE(ends_within(w, f.at(1), 1h));
    w.run_for(1s);
    CHECK(held->done);
    CHECK(held->body.size() > 400);
    CHECK(held->body.size() < 8 * 1024);
  });
}

}  // namespace
}  // namespace ebb::sim
