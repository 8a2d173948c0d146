#include "tools/lab/model/deny_list.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::lab;

namespace {
time_point at(duration d) { return time_point(d); }
using names = std::vector<std::string>;
}  // namespace

TEST_CASE("a write replaces the whole list") {
  deny_list l;
  l.replace({"b", "a"}, at(1s));
  l.replace({"c", "c"}, at(2s));
  CHECK(l.entries() == names{"c", "c"});
  CHECK_FALSE(l.holds("a"));
  CHECK(l.writes() == 2);
}

TEST_CASE("planners see a write after the propagation, and earlier writes in their order") {
  deny_list_variant v;
  v.propagation = 8s;
  deny_list l(v);
  l.replace({"a"}, at(10s));
  l.replace({}, at(11s));
  l.replace({"b"}, at(12s));
  CHECK(l.holds("b"));
  CHECK_FALSE(l.avoided("a", at(17s)));
  CHECK(l.avoided("a", at(18s)));
  CHECK_FALSE(l.avoided("a", at(19s)));
  CHECK_FALSE(l.avoided("b", at(19s)));
  CHECK(l.avoided("b", at(20s)));
  l.replace({}, at(30s));
  CHECK(l.avoided("b", at(37s)));
  CHECK_FALSE(l.avoided("b", at(38s)));
}

TEST_CASE("matching is exact unless the variant ignores case") {
  deny_list exact;
  exact.replace({"Executor-1.svc"}, at(0s));
  CHECK_FALSE(exact.holds("executor-1.svc"));
  CHECK_FALSE(exact.holds("Executor-1.svc."));
  deny_list_variant v;
  v.ignore_case = true;
  deny_list loose(v);
  loose.replace({"Executor-1.svc"}, at(0s));
  CHECK(loose.holds("executor-1.SVC"));
  CHECK_FALSE(loose.holds("executor-10.svc"));
}

TEST_CASE("variants reorder and remove duplicates") {
  deny_list_variant v;
  v.reorder = v.remove_duplicates = true;
  deny_list l(v);
  l.replace({"c", "a", "c"}, at(0s));
  CHECK(l.entries() == names{"a", "c"});
}

TEST_CASE("the history tells which entries came and went") {
  deny_list l;
  l.replace({"a"}, at(1s));
  l.replace({"b"}, at(2s));
  REQUIRE(l.history().size() == 3);
  CHECK((l.history()[1].entry == "a" && !l.history()[1].added && l.history()[1].at == at(2s)));
  CHECK((l.history()[2].entry == "b" && l.history()[2].added));
}
