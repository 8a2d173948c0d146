#include "tools/lab/model/executor.hpp"

#include <csignal>

#include "tests/support/catch.hpp"

using namespace ebb::lab;

namespace {

time_point at(duration d) { return time_point(d); }
using kind = executor::action::kind;

executor::options facts() {
  executor::options o;
  o.name = "executor-0";
  return o;
}

executor serving(executor::options o = facts()) {
  executor e(o);
  e.spawn(at(0s));
  e.advance(at(2s));
  return e;
}

std::vector<kind> kinds(const std::vector<executor::action>& actions) {
  std::vector<kind> out;
  for (const auto& a : actions) out.push_back(a.what);
  return out;
}

}  // namespace

TEST_CASE("an executor listens only when it has registered") {
  executor e(facts());
  CHECK_FALSE(e.alive());
  e.spawn(at(0s));
  CHECK_FALSE(e.listening());
  CHECK(e.next_event() == at(2s));
  CHECK(e.advance(at(1999ms)).empty());
  CHECK(kinds(e.advance(at(2s))) == std::vector{kind::join});
  CHECK(e.listening());
  call live;
  live.target = "/live";
  CHECK(e.handle(live).status == 200);
  CHECK(e.handle(live).body.empty());
}

TEST_CASE("SIGTERM during the start ends it at once with 143") {
  executor e(facts());
  e.spawn(at(0s));
  e.stop_signal(at(1s));
  const auto actions = e.advance(at(1s));
  REQUIRE(kinds(actions) == std::vector{kind::exit});
  CHECK(WEXITSTATUS(actions[0].wait_status) == 143);
}

TEST_CASE("SIGTERM on an idle executor closes the port, leaves the cluster and exits 143") {
  auto e = serving();
  e.stop_signal(at(10s));
  CHECK_FALSE(e.listening());
  CHECK(kinds(e.advance(at(10s))) == std::vector{kind::leave});
  CHECK_FALSE(e.accepts_fragments());
  CHECK(e.advance(at(10999ms)).empty());
  const auto end = e.advance(at(11s));
  REQUIRE(kinds(end) == std::vector{kind::exit});
  CHECK(WEXITSTATUS(end[0].wait_status) == 143);
}

TEST_CASE("SIGTERM waits for fragments, is still registered meanwhile and takes new ones") {
  auto e = serving();
  e.start_fragment(1, 1, 3s, at(10s));
  e.stop_signal(at(10s));
  CHECK(e.advance(at(10s)).empty());
  CHECK(e.accepts_fragments());
  e.start_fragment(2, 2, 1s, at(11s));
  CHECK(kinds(e.advance(at(12s))) == std::vector{kind::fragment_done});
  CHECK(kinds(e.advance(at(13s))) == std::vector{kind::fragment_done, kind::leave});
}

TEST_CASE("after its grace it leaves with fragments still running") {
  auto e = serving();
  e.start_fragment(1, 1, 60s, at(10s));
  e.stop_signal(at(10s));
  CHECK(e.advance(at(14999ms)).empty());
  CHECK(e.next_event() == at(15s));
  CHECK(kinds(e.advance(at(15s))) == std::vector{kind::leave});
}

TEST_CASE("a second SIGTERM changes nothing") {
  auto e = serving();
  e.start_fragment(1, 1, 60s, at(10s));
  e.stop_signal(at(10s));
  e.stop_signal(at(14s));
  CHECK(kinds(e.advance(at(15s))) == std::vector{kind::leave});
}

TEST_CASE("a killed executor leaves nothing behind but its wait status") {
  auto e = serving();
  e.start_fragment(1, 1, 60s, at(3s));
  e.kill(at(4s));
  const auto end = e.advance(at(4s));
  REQUIRE(kinds(end) == std::vector{kind::exit});
  CHECK(WTERMSIG(end[0].wait_status) == SIGKILL);
  CHECK(e.fragments() == 0);
}

TEST_CASE("metrics count fragments and the queries they belong to") {
  auto e = serving();
  e.start_fragment(1, 9, 1s, at(3s));
  e.start_fragment(2, 9, 2s, at(3s));
  e.start_fragment(3, 8, 1s, at(3s));
  call metrics;
  metrics.target = "/metrics";
  CHECK_THAT(e.handle(metrics).body, ContainsSubstring("\nexec_fragments_active 3.0\n"));
  CHECK_THAT(e.handle(metrics).body, ContainsSubstring("\nexec_started_queries_total 2.0\n"));
  e.advance(at(4s));
  CHECK_THAT(e.handle(metrics).body, ContainsSubstring("\nexec_fragments_active 1.0\n"));
  CHECK_THAT(e.handle(metrics).body, ContainsSubstring("\nexec_ended_queries_total 1.0\n"));
  CHECK(e.handle(metrics).content_type == "text/plain; version=0.0.4; charset=utf-8");
  e.cancel_fragment(2);
  CHECK_THAT(e.handle(metrics).body, ContainsSubstring("\nexec_ended_queries_total 2.0\n"));
}

TEST_CASE("held fragments do not end") {
  auto e = serving();
  e.start_fragment(1, 1, 1s, at(3s));
  e.hold(true);
  CHECK(e.advance(at(60s)).empty());
  e.hold(false);
  CHECK(kinds(e.advance(at(61s))) == std::vector{kind::fragment_done});
}

TEST_CASE("other paths of the web-admin port are not found") {
  auto e = serving();
  call k;
  k.target = "/ready";
  CHECK(e.handle(k).status == 404);
}
