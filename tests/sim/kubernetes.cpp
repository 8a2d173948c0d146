// What the Kubernetes API tells an agent, scene by scene: deletions and their graces, restarts, nodes.
#include "tests/sim/fleet/fleet.hpp"
#include "tests/sim/kubernetes_scenes.hpp"
#include "tests/support/catch.hpp"

namespace ebb::sim {

TEST_CASE("P1_ P2_ a pod that is deleted drains with the pod's own deadline and loses no query", "[sim]") {
  scenario([](world& w) {
    fleet f(w, in_kubernetes(3, steady_load(5)));
    const auto began = w.now();
    f.kube().delete_pod(1);
    REQUIRE(ends_within(w, f.at(1), 600s));
    CHECK(f.at(1).exit_code() == 0);
    CHECK_FALSE(f.kube().killed(1));
    CHECK(f.lost() == 0);
    CHECK(*f.at(1).ended_at() - began < 120s);
    w.run_for(30s);
    CHECK(f.at(1).life().now == core::state::serving);  // the successor
    CHECK(f.list().empty());
    no_right_was_missing(f);
  });
}

}  // namespace ebb::sim
