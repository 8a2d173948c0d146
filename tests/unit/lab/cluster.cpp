#include "tools/lab/model/cluster.hpp"

#include <csignal>

#include "tests/support/catch.hpp"

using namespace ebb::lab;

namespace {

time_point at(duration d) { return time_point(d); }

struct site {
  cluster c;
  explicit site(load::options queries, coordinator::options o = {}) : c(std::move(o), std::move(queries), seeded(1)) {
    for (const char* name : {"e0", "e1", "e2", "e3"}) {
      executor::options e;
      e.name = name;
      c.add(e);
      c.spawn(name, at(0s));
    }
  }
  static load::options busy() {
    load::options q;
    q.from = at(5s), q.until = at(60s), q.per_second = 20, q.fragments_most = 4;
    return q;
  }
};

}  // namespace

TEST_CASE("without any stop no query is lost and all end") {
  site s(site::busy());
  s.c.advance(at(70s));
  CHECK(s.c.plans().queries().size() > 900);
  CHECK(s.c.plans().count(outcome::finished) == s.c.plans().queries().size());
  CHECK(s.c.at("e0").fragments() == 0);
}

TEST_CASE("moving in small steps and in one leap comes to the same") {
  site small(site::busy()), leap(site::busy());
  for (auto t = 0ms; t <= 70s; t += 10ms) small.c.advance(at(t));
  leap.c.advance(at(70s));
  REQUIRE(small.c.plans().fragments().size() == leap.c.plans().fragments().size());
  for (std::size_t i = 0; i < leap.c.plans().fragments().size(); ++i)
    REQUIRE(small.c.plans().fragments()[i].node == leap.c.plans().fragments()[i].node);
}

TEST_CASE("a bare SIGTERM under load loses queries, because the node gets work until it leaves") {
  site s(site::busy());
  s.c.advance(at(20s));
  s.c.stop_signal("e1", at(20s));
  s.c.advance(at(70s));
  CHECK(s.c.plans().count(outcome::lost) > 0);
  for (const auto& q : s.c.plans().queries())
    if (q.end == outcome::lost) CHECK(q.node == "e1");
}

TEST_CASE("denied, settled and idle, an executor stops without losing a query") {
  site s(site::busy());
  s.c.advance(at(20s));
  s.c.head().denied().replace({"e1"}, at(20s));
  s.c.advance(at(30s));
  REQUIRE(s.c.plans().pending_on("e1") == 0);
  s.c.stop_signal("e1", at(30s));
  s.c.advance(at(70s));
  CHECK(s.c.plans().count(outcome::lost) == 0);
  CHECK(s.c.head().nodes().all().size() == 3);
}

TEST_CASE("a crash loses what ran there, and new plans too until the session ends") {
  auto queries = site::busy();
  queries.until = at(200s);
  site s(queries);
  s.c.advance(at(20s));
  s.c.kill("e2", at(20s));
  s.c.advance(at(220s));
  time_point last{};
  for (const auto& q : s.c.plans().queries())
    if (q.end == outcome::lost) last = std::max(last, q.ended);
  CHECK(last > at(100s));
  CHECK(last <= at(112s + 2s));
  CHECK(s.c.head().nodes().all().size() == 3);
}

TEST_CASE("events tell each executor's life with its fragments") {
  site s(site::busy());
  s.c.advance(at(20s));
  s.c.stop_signal("e3", at(20s));
  s.c.advance(at(40s));
  std::vector<cluster::event::kind> seen;
  for (const auto& e : s.c.events())
    if (e.node == "e3") {
      seen.push_back(e.what);
      if (e.what == cluster::event::kind::exited) CHECK(WEXITSTATUS(e.wait_status) == 143);
    }
  using k = cluster::event::kind;
  CHECK(seen == std::vector{k::spawned, k::joined, k::signalled, k::left, k::exited});
}
