#include "tools/lab/model/planner.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace ebb::lab;

namespace {

time_point at(duration d) { return time_point(d); }

struct site {
  registry nodes;
  deny_list denied;
  planner plans{nodes, denied};

  explicit site(deny_list_variant v = {}) : denied(v) {
    for (const char* name : {"a", "b", "c"}) nodes.join({name, "10.0.0.1", "", at(0s), std::nullopt});
  }
  static query_shape query(int fragments, duration delay = 0s) {
    query_shape q;
    q.fragments = fragments, q.lasts = 2s, q.plan_delay = delay, q.seed = 5;
    return q;
  }
  std::set<std::string> where() const {
    std::set<std::string> out;
    for (const auto& f : plans.fragments()) out.insert(f.node);
    return out;
  }
};

}  // namespace

TEST_CASE("fragments are spread over the registered nodes that are not denied") {
  site s;
  s.denied.replace({"b"}, at(0s));
  s.plans.submit(site::query(4), at(1s));
  CHECK(s.where() == std::set<std::string>{"a", "c"});
  CHECK(s.plans.pending_on("a") == 2);
}

TEST_CASE("a query with fewer fragments than nodes takes that many nodes, chosen by its seed alone") {
  site s;
  s.plans.submit(site::query(2), at(1s));
  CHECK(s.where().size() == 2);
  site again;
  again.plans.submit(site::query(2), at(7s));
  CHECK(again.where() == s.where());
}

TEST_CASE("a denial reaches plans only after its propagation") {
  deny_list_variant v;
  v.propagation = 10s;
  site s(v);
  s.denied.replace({"a", "b"}, at(1s));
  s.plans.submit(site::query(3), at(10s));
  CHECK(s.plans.pending_on("a") == 1);
  s.plans.submit(site::query(3), at(11s));
  CHECK(s.plans.pending_on("a") == 1);
  CHECK(s.plans.pending_on("c") == 4);
}

TEST_CASE("a plan keeps its nodes though they are denied before it starts") {
  site s;
  s.plans.submit(site::query(3, 2s), at(1s));
  s.denied.replace({"a"}, at(2s));
  CHECK(s.plans.due(at(2s)).empty());
  REQUIRE(s.plans.next_event() == at(3s));
  const auto orders = s.plans.due(at(3s));
  REQUIRE(orders.size() == 3);
  CHECK(orders[0].what == planner::order::kind::start);
  CHECK(s.plans.pending_on("a") == 1);
}

TEST_CASE("a query ends with its last fragment") {
  site s;
  s.plans.submit(site::query(2), at(1s));
  s.plans.due(at(1s));
  s.plans.fragment_done(0, at(2s));
  CHECK(s.plans.count(outcome::running) == 1);
  s.plans.fragment_done(1, at(3s));
  s.plans.fragment_done(1, at(4s));
  CHECK(s.plans.count(outcome::finished) == 1);
  CHECK(s.plans.queries()[0].ended == at(3s));
}

TEST_CASE("a node that vanishes takes every query with a pending fragment with it, planned ones too") {
  site s;
  s.plans.submit(site::query(3), at(1s));
  s.plans.due(at(1s));
  s.plans.submit(site::query(3, 2s), at(1s));
  s.plans.node_gone("a", at(2s));
  CHECK(s.plans.count(outcome::lost) == 2);
  const auto& q = s.plans.queries()[0];
  CHECK(q.node == "a");
  CHECK(q.reason ==
        "ExecutionSetupException: One or more nodes lost connectivity during query.  Identified nodes were [a:45678].");
  const auto orders = s.plans.due(at(2s));
  REQUIRE(orders.size() == 2);  // the running fragments on b and c are cancelled, the planned ones never start
  for (const auto& o : orders) CHECK((o.what == planner::order::kind::cancel && o.node != "a"));
  CHECK(s.plans.due(at(10s)).empty());
}

TEST_CASE("a node without pending fragments vanishes at no cost") {
  site s;
  s.plans.submit(site::query(3), at(1s));
  s.plans.due(at(1s));
  for (std::uint64_t f = 0; f < 3; ++f) s.plans.fragment_done(f, at(2s));
  s.plans.node_gone("a", at(3s));
  CHECK(s.plans.count(outcome::lost) == 0);
}

TEST_CASE("a dead node is planned on until its session ends, and what is planned there fails") {
  site s;
  s.nodes.vanish("a", at(0s));
  s.plans.submit(site::query(3), at(89s));
  CHECK(s.plans.pending_on("a") == 1);
  for (const auto& o : s.plans.due(at(89s)))
    if (o.node == "a") s.plans.fragment_failed(o.fragment, at(89s));
  CHECK(s.plans.count(outcome::lost) == 1);
  s.plans.submit(site::query(3), at(90s));
  CHECK(s.plans.pending_on("a") == 0);
}

TEST_CASE("with every executor denied a query is refused, not lost") {
  site s;
  s.denied.replace({"a", "b", "c"}, at(0s));
  s.plans.submit(site::query(2), at(1s));
  CHECK(s.plans.count(outcome::refused) == 1);
  CHECK_THAT(s.plans.queries()[0].reason, ContainsSubstring("no executors available"));
}

TEST_CASE("queries of an engine stay on its nodes") {
  site s;
  s.nodes.join({"x", "10.0.0.2", "big", at(0s), std::nullopt});
  auto q = site::query(2);
  q.engine = "big";
  s.plans.submit(q, at(1s));
  CHECK(s.where() == std::set<std::string>{"x"});
}

TEST_CASE("the load is settled by its seed and stays within its bounds") {
  load::options o;
  o.per_second = 50, o.until = at(20s), o.seed = 3;
  load one(o), two(o);
  int n = 0;
  for (auto next = one.next_event(); next; next = one.next_event(), ++n) {
    const auto a = one.take(), b = two.take();
    REQUIRE((a.arrives == b.arrives && a.seed == b.seed && a.lasts == b.lasts));
    REQUIRE((a.fragments >= 1 && a.fragments <= 4 && a.lasts >= 200ms && a.lasts <= 3s && a.plan_delay <= 2s));
  }
  CHECK(n > 850);
  CHECK(n < 1150);
}
