#include "agent/core/fleet.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::core;
using ebb::kubernetes::lease;

namespace {

const std::string cluster = "c1";
const std::map<std::string, std::string> living = {{"executor-0", "uid-0"}, {"executor-1", "uid-1"}, {"p.q", "uid-2"}};

lease wish_of(const std::string& pod, const std::string& uid, const std::string& node, wish w) {
  return wish_lease({pod, "analytics", uid, "executors", cluster}, node, w);
}

fleet_wishes sorted(const std::vector<lease>& leases) { return sort_wishes(leases, living, "executor-9", cluster); }

std::optional<set_aside> why_left(const lease& l) {
  const auto s = sorted({l});
  CHECK(s.apply.size() + s.left.size() <= 1);
  return s.left.empty() ? std::nullopt : std::optional(s.left.front().why);
}

}  // namespace

TEST_CASE("a wish of a living pod for its own node is applied") {
  const auto s = sorted({wish_of("executor-0", "uid-0", "executor-0.headless.analytics.svc", wish::denied),
                         wish_of("executor-1", "uid-1", "executor-1", wish::allowed),
                         wish_of("p.q", "uid-2", "p.q", wish::denied)});
  CHECK(s.apply == std::vector<fleet_wish>{{"executor-0", "executor-0.headless.analytics.svc", wish::denied},
                                           {"executor-1", "executor-1", wish::allowed},
                                           {"p.q", "p.q", wish::denied}});
  CHECK(s.left.empty());
}

TEST_CASE("a wish is left to its own agent where its pod, its node or its words do not fit") {
  const auto good = wish_of("executor-0", "uid-0", "executor-0.headless", wish::denied);
  REQUIRE_FALSE(why_left(good));
  CHECK(why_left(wish_of("executor-7", "uid-7", "executor-7", wish::denied)) == set_aside::pod_gone);
  CHECK(why_left(wish_of("executor-0", "uid-of-before", "executor-0", wish::denied)) == set_aside::pod_replaced);
  const auto too_long = "executor-0." + std::string(300, 'x');
  for (const char* foreign : {"executor-1", "executor-01", "executor", "x.executor-0", "10.0.0.1", "EXECUTOR-0",
                              "executor-0.\n\"x", "executor-0.a b", too_long.c_str()}) {
    CAPTURE(foreign);
    CHECK(why_left(wish_of("executor-0", "uid-0", foreign, wish::denied)) == set_aside::other_node);
  }
  CHECK(why_left(wish_of("executor-0", "uid-0", "", wish::denied)) == set_aside::unreadable);
  CHECK(why_left(wish_of("executor-0", "", "executor-0", wish::denied)) == set_aside::unreadable);
  auto bad = good;
  bad.meta.annotations[std::string(wish_annotation)] = "perhaps";
  CHECK(why_left(bad) == set_aside::unreadable);
  bad = good;
  bad.meta.owners.front().kind = "StatefulSet";
  CHECK(why_left(bad) == set_aside::unreadable);
  bad = good;
  bad.meta.owners.push_back(bad.meta.owners.front());
  CHECK(why_left(bad) == set_aside::unreadable);
  bad = good;
  bad.meta.name = "ebb-executor-1";  // another's Lease
  CHECK(why_left(bad) == set_aside::unreadable);
}

TEST_CASE("two wishes for one node are both left to their agents") {
  const std::map<std::string, std::string> pods = {{"a", "1"}, {"a.b", "2"}, {"c", "3"}};
  const auto s =
      sort_wishes(std::vector{wish_of("a", "1", "a.b", wish::denied), wish_of("a.b", "2", "a.b", wish::allowed),
                              wish_of("c", "3", "c", wish::denied)},
                  pods, "own", cluster);
  CHECK(s.apply == std::vector<fleet_wish>{{"c", "c", wish::denied}});
  CHECK(s.left == std::vector<aside>{{"ebb-a", "a.b", set_aside::twice}, {"ebb-a.b", "a.b", set_aside::twice}});
}

TEST_CASE("a stale wish does not stand in the way of the living one for the same node") {
  const auto s = sorted({wish_of("executor-0", "uid-0", "executor-0", wish::denied),
                         wish_of("gone", "uid", "executor-0", wish::allowed)});
  CHECK(s.apply.size() == 1);
  CHECK(s.left.size() == 1);
}

TEST_CASE("other clusters' wishes, the own one and those that wish nothing are not looked at") {
  auto other = wish_of("executor-0", "uid-0", "executor-0", wish::denied);
  other.meta.labels[std::string(cluster_label)] = "c2";
  auto unlabelled = wish_of("executor-0", "uid-0", "executor-0", wish::denied);
  unlabelled.meta.labels.clear();
  const std::vector<lease> none = {other, unlabelled, wish_of("executor-9", "uid-9", "executor-9", wish::denied),
                                   wish_of("executor-1", "uid-1", "executor-1", wish::leave_alone)};
  CHECK(sorted(none).apply.empty());
  CHECK(sorted(none).left.empty());
  CHECK_FALSE(any_wish_of_others(none, "executor-9", cluster));
  CHECK(any_wish_of_others(none, "executor-8", cluster));
  CHECK(any_wish_of_others(none, "executor-9", "c2"));
}

TEST_CASE("a wish Lease says what it is read as, and nothing of a holder") {
  const auto l = wish_of("executor-0", "uid-0", "executor-0.headless", wish::leave_alone);
  CHECK(l.meta.name == "ebb-executor-0");
  CHECK(l.meta.labels.at("ebb.dev/fleet") == "executors");
  CHECK(l.meta.labels.at("ebb.dev/cluster") == cluster);
  CHECK(l.meta.annotations.at("ebb.dev/node") == "executor-0.headless");
  CHECK(l.meta.annotations.at("ebb.dev/wish") == "none");
  CHECK(l.meta.owners == std::vector<ebb::kubernetes::owner_reference>{{"v1", "Pod", "executor-0", "uid-0", false}});
  CHECK(l.record == ebb::kubernetes::lease_record{});
}

TEST_CASE("labels and names of Leases are what the API takes, and the same for the same text") {
  CHECK(label_value("4f3c9a7e-6c57-4f5e-8f8a-3f6f0e8a7d21") == "4f3c9a7e-6c57-4f5e-8f8a-3f6f0e8a7d21");
  CHECK(label_value("My_Cluster.1") == "My_Cluster.1");
  CHECK(label_value("https://coordinator:9047") == "1ce79214615bbf6e");
  CHECK(label_value("") == "cbf29ce484222325");
  CHECK(label_value(std::string(63, 'x')) == std::string(63, 'x'));
  CHECK(label_value(std::string(64, 'x')) == "b96a5acbb56db825");
  for (const char* odd : {"-a", "a-", ".a", "a.", "_a", "a b", "a/b", "\xc3\xa4"}) {
    CAPTURE(odd);
    CHECK(label_value(odd).size() <= 16);
  }
  CHECK(turn_lease_name("4f3c9a7e") == "ebb-deny-list-4f3c9a7e");
  CHECK(turn_lease_name("a_b") == "ebb-deny-list-e6c4a31904f4ad51");
  CHECK(wish_lease_name("a.b-c") == "ebb-a.b-c");
  for (const char* odd : {"a..b", "a.-b", "a-.b", "A", "a.", "-a", ""}) {
    CAPTURE(odd);
    CHECK(wish_lease_name(odd) != "ebb-" + std::string(odd));
  }
  CHECK(wish_lease_name(std::string(249, 'a')).size() == 253);
  CHECK(wish_lease_name(std::string(250, 'a')).size() < 30);
}

TEST_CASE("merge_all changes what is wished, keeps all else in order, and is nothing where nothing has to change") {
  struct row {
    deny_list before;
    wish own;
    std::vector<fleet_wish> others;
    std::optional<deny_list> after;
  };
  const fleet_wish deny_a{"a", "a", wish::denied}, allow_a{"a", "a", wish::allowed}, deny_b{"b", "b", wish::denied};
  for (const auto& r : {
           row{{}, wish::denied, {}, deny_list{"n"}},
           row{{"x", "y"}, wish::denied, {deny_a, deny_b}, deny_list{"x", "y", "n", "a", "b"}},
           row{{"x", "a", "y", "a"}, wish::denied, {allow_a}, deny_list{"x", "y", "n"}},
           row{{"n", "x", "x"}, wish::allowed, {deny_a}, deny_list{"x", "x", "a"}},
           row{{"n", "a"}, wish::denied, {deny_a}, std::nullopt},
           row{{"x"}, wish::allowed, {allow_a}, std::nullopt},
           row{{"n", "a"}, wish::leave_alone, {allow_a}, deny_list{"n"}},
           row{{"n", "a"}, wish::leave_alone, {deny_a}, std::nullopt},
           row{{}, wish::denied, {{"n", "n", wish::allowed}}, deny_list{"n"}},  // nobody else speaks for us
           row{{"n"}, wish::leave_alone, {{"n", "n", wish::allowed}}, std::nullopt},
       })
    CHECK(merge_all(r.before, "n", r.own, r.others) == r.after);
}

TEST_CASE("merge_all without others is merge") {
  for (const wish w : {wish::denied, wish::allowed, wish::leave_alone})
    for (const deny_list& before : {deny_list{}, deny_list{"n"}, deny_list{"a", "n", "b", "n"}, deny_list{"a", "a"}})
      CHECK(merge_all(before, "n", w, {}) == merge(before, "n", w));
}
