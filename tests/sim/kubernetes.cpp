// What the Kubernetes API tells an agent of its pod, scene by scene: deletions and their graces, and what is no
// deletion.
#include "tests/sim/kubernetes_scenes.hpp"

namespace ebb::sim {
namespace {

using core::cause;
using core::state;

TEST_CASE("P1_ P2_ a pod that is deleted drains with the pod's own deadline and loses no query", "[sim]") {
  scenario([](world& w) {
    auto o = in_kubernetes(3, steady_load(5));
    o.kubernetes->successors = true;
    fleet f(w, o);
    const auto began = w.now();
    f.kube().delete_pod(1);
    REQUIRE(ends_within(w, f.at(1), 120s));
    ended_well(f, 1);
    CHECK(w.log().contains("grace_source=deletion"));
    w.run_for(30s);
    CHECK(f.at(1).life().now == state::serving);  // the successor
    CHECK(f.at(1).life().drain_began == rt::time_point{});
    CHECK(f.list().empty());
    CHECK(w.now() - began < 120s + 30s);
    no_right_was_missing(f);
  });
}

TEST_CASE("sigterm_before_watch_event: the agent asks for its pod and takes the deadline from it", "[sim]") {
  scenario([](world& w) {
    auto o = in_kubernetes(2, steady_load(5), 120s);
    o.wait_until_serving = false;
    fleet f(w, o);
    f.kube().api().faults().add(on_api(api_fault::stalls, "executor-1", "watch", resource::pods));
    REQUIRE(w.run_while_not([&] { return f.all(state::serving); }, 30s));
    f.start_fragment(1, 1h);
    f.kube().delete_pod(1);
    const auto deleted = w.now();
    REQUIRE(joins(w, f.at(1), cause::sigterm, 1s));
    CHECK_FALSE(has(f.at(1).life(), cause::deletion));
    REQUIRE(joins(w, f.at(1), cause::deletion, 2s));
    CHECK(*f.at(1).life().pod.kill_at - deleted > 118s);
    REQUIRE(ends_within(w, f.at(1), 120s));
    // Busy to the end: stopped by the deadline less the reserve, and gone before it.
    CHECK(*f.at(1).ended_at() - deleted < 118s);
    CHECK(*f.at(1).ended_at() - deleted > 90s);
    CHECK_FALSE(f.kube().killed(1));
  });
}

TEST_CASE("P2_ a SIGTERM while the API server does not answer is planned with what is known, and planned anew once",
          "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(2, no_load(), 300s));
    f.start_fragment(1, 1h);
    w.net().cut("executor-1", api_server::host_name);
    f.kube().delete_pod(1);
    const auto deleted = w.now();
    REQUIRE(joins(w, f.at(1), cause::sigterm, 2s));
    w.run_for(10s);
    CHECK_FALSE(f.at(1).life().pod.kill_at);
    CHECK(f.at(1).life().grace == rt::duration(300s));  // as the pod had it when it was seen
    w.net().heal();
    REQUIRE(joins(w, f.at(1), cause::deletion, 60s));
    REQUIRE(ends_within(w, f.at(1), 300s));
    CHECK(*f.at(1).ended_at() - deleted < 300s);
    CHECK(*f.at(1).ended_at() - deleted > 200s);
    CHECK_FALSE(f.kube().killed(1));
  });
}

TEST_CASE("undrain_after_delete_is_409: what the API has begun nobody here can take back", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3));
    f.start_fragment(1, 1h);
    CHECK(asked(w, f.at(1), "POST", "/drain").status == 202);
    f.kube().delete_pod(1);
    REQUIRE(joins(w, f.at(1), cause::deletion, 1s));
    const auto no = asked(w, f.at(1), "POST", "/undrain");
    CHECK(no.status == 409);
    CHECK(no.body.find("deletion") != std::string::npos);
    w.run_for(1s);
    CHECK(f.denied(1));
  });
}

TEST_CASE("grace_shrinks_mid_drain: the deadline follows the API, though the kubelet does not hurry", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(2));
    f.start_fragment(1, 2h);
    f.kube().delete_pod(1);
    const auto deleted = w.now();
    w.run_for(100s);
    CHECK(f.at(1).running());
    f.kube().delete_pod(1, 200);
    w.run_for(1s);
    CHECK(*f.at(1).life().pod.kill_at - deleted < 201s);
    f.kube().delete_pod(1, 400);  // it never grows
    REQUIRE(ends_within(w, f.at(1), 600s));
    CHECK(*f.at(1).ended_at() - deleted < 200s);
    CHECK(*f.at(1).ended_at() - deleted > 150s);
    CHECK_FALSE(f.kube().killed(1));
  });
}

TEST_CASE("a grace that shrinks below what has passed ends the drain at once and in order", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(2));
    f.start_fragment(1, 2h);
    f.kube().delete_pod(1);
    w.run_for(100s);
    f.kube().delete_pod(1, 5);
    const auto shrunk = w.now();
    REQUIRE(ends_within(w, f.at(1), 60s));
    CHECK(*f.at(1).ended_at() - shrunk < 15s);
    CHECK_FALSE(f.kube().killed(1));
  });
}

// Its pod is deleted with a grace of 120 s, which it uses to the last part, and is not killed.
void uses_its_grace(world& w, fleet& f, int i) {
  f.kube().delete_pod(i);
  const auto deleted = w.now();
  REQUIRE(ends_within(w, f.at(i), 130s));
  CHECK(*f.at(i).ended_at() - deleted < 118s);
  CHECK(*f.at(i).ended_at() - deleted > 90s);
  CHECK_FALSE(f.kube().killed(i));
}

TEST_CASE("skewed_clock_60s: clocks that are a minute off move no deadline", "[sim]") {
  for (const rt::duration skew : {-60s, 60s})
    for (const rt::duration own : {-60s, 0s, 60s})
      scenario([&](world& w) {
        auto o = in_kubernetes(2, no_load(), 120s);
        o.kubernetes->skew = skew;
        fleet f(w, o);
        f.at(1).agent().clock().jump(own);
        f.start_fragment(1, 1h);
        CAPTURE(skew / 1s, own / 1s);
        uses_its_grace(w, f, 1);
      });
}

TEST_CASE("skewed_clock_60s: a server's clock that is set during a watch moves no deadline", "[sim]") {
  for (const rt::duration step : {-500s, -60s, 60s})
    scenario([&](world& w) {
      fleet f(w, in_kubernetes(2, no_load(), 120s));
      f.start_fragment(1, 1h);
      w.run_for(20s);
      f.kube().api().machine().clock().jump(step);
      w.run_for(20s);
      CAPTURE(step / 1s);
      uses_its_grace(w, f, 1);
    });
}

TEST_CASE("token_rotated_mid_watch: the watch goes on, and what is asked later has the new token", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(2, steady_load(5)));
    for (int round = 0; round < 3; ++round) {
      w.run_for(200s);
      f.kube().rotate_tokens(0s);
      f.kube().annotate(1, "other", std::to_string(round));
    }
    w.run_for(700s);  // longer than a watch lasts
    const auto& records = f.kube().model().access().records();
    CHECK(std::ranges::count(records, 401U, &api_record::status) == 0);
    f.kube().delete_pod(1);
    REQUIRE(joins(w, f.at(1), cause::deletion, 40ms));  // told by the watch, before the kubelet acts
    REQUIRE(ends_within(w, f.at(1), 120s));
    ended_well(f, 1);
  });
}

TEST_CASE("two_404s_without_sigterm_keep_the_executor: a lying API stops no node and touches no entry", "[sim]") {
  for (const auto lie : {api_fault::not_found, api_fault::says_deleted})
    scenario([&](world& w) {
      fleet f(w, in_kubernetes(3, steady_load(5)));
      const auto writes = f.cluster().head().denied().writes();
      for (const auto* verb : {"list", "get", "watch"})
        f.kube().api().faults().add(on_api(lie, {}, verb, resource::pods));
      // What they have of watches ends, so that they meet the lie.
      for (int i = 0; i < 3; ++i) w.net().reset(f.at(i).name(), api_server::host_name);
      w.run_for(800s);
      for (int i = 0; i < 3; ++i) {
        CHECK(f.at(i).running());
        CHECK(has(f.at(i).life(), cause::disappeared));
        CHECK_FALSE(f.signalled_after(i, w.start()));
      }
      CHECK(f.lost() == 0);
      CHECK(f.list().empty());
      CHECK(f.cluster().head().denied().writes() == writes);
    });
}

}  // namespace
TEST_CASE("a container does not end before its kubelet has told it to", "[sim]") {
  // Otherwise it is started once more, in a pod that is gone: seen on a real node whose kubelet was busy.
  scenario([](world& w) {
    auto o = in_kubernetes(2);
    o.kubernetes->notices = 1900ms;
    o.kubernetes->successors = false;
    fleet f(w, o);
    f.kube().delete_pod(1, 0);
    REQUIRE(ends_within(w, f.at(1), 5s));
    REQUIRE(f.kube().told(1));
    CHECK(*f.kube().told(1) <= *f.at(1).ended_at());
    CHECK_FALSE(f.kube().killed(1));
    CHECK(f.at(1).exit_code() == 0);
  });
}

}  // namespace ebb::sim
