#include "tools/lab/demo/report.hpp"

#include "tests/support/catch.hpp"
#include "tools/lab/demo/story_json.hpp"
#include "tools/lab/model/cluster.hpp"

using namespace ebb::lab;

namespace {

time_point at(duration d) { return time_point(d); }

// Two executors; e1 is told to stop at 10 s while others write the list over its entry, and dies at 20 s.
struct scene {
  registry nodes;
  deny_list list;
  planner plans{nodes, list};
  std::vector<member_event> events;

  scene() {
    nodes.join({"e0", "10.0.0.1", "", at(0s), std::nullopt});
    nodes.join({"e1", "10.0.0.2", "", at(0s), std::nullopt});
    query_shape q;
    q.fragments = 2, q.lasts = 30s;
    plans.submit(q, at(5s));
    plans.due(at(5s));
    list.replace({"e1"}, at(11s));
    list.replace({"other"}, at(12s));
    list.replace({"other", "e1"}, at(14s));
    events.push_back({member_event::kind::signalled, at(19s), "e1"});
    events.push_back({member_event::kind::died, at(20s), "e1"});
    nodes.vanish("e1", at(20s));
    plans.node_gone("e1", at(20s));
    list.replace({"other"}, at(20500ms));  // taken off by the wrapper, which is still there
  }
  story told() const {
    std::vector<stop_record> stops(2);
    stops[0].node = "e0", stops[0].short_name = "executor-0";
    stops[1].node = "e1", stops[1].short_name = "executor-<1>";
    stops[1].told = at(10s), stops[1].gone = at(21s), stops[1].killed = true, stops[1].failure = "list: a & b";
    auto s = tell({plans, list, events}, stops, at(0s), at(40s));
    s.key = "hook", s.title = "With the <hook>";
    return s;
  }
};

std::string value(const std::vector<figure>& all, const std::string& name) {
  for (const auto& f : all)
    if (f.name == name) return f.values.at(0);
  return "no such row";
}

}  // namespace

TEST_CASE("a story tells of each executor what it ran, when it was denied, signalled and gone, and what was lost") {
  const auto s = scene().told();
  const auto& n = s.nodes[1];
  CHECK(s.lost == 1);
  CHECK((n.told == 10 && n.signal == 19 && n.left == 20 && n.gone == 21 && n.killed));
  REQUIRE(n.denied.size() == 2);
  CHECK((n.denied[0].from == 11 && n.denied[0].to == 12 && n.denied[1].from == 14 && n.denied[1].to == 20.5));
  REQUIRE(n.running.size() == 2);
  CHECK((n.running[0].at == 5 && n.running[0].running == 1 && n.running[1].at == 20 && n.running[1].running == 0));
  CHECK(n.lost == std::vector<double>{20});
  CHECK(s.nodes[0].lost.empty());
}

TEST_CASE("an entry that another writer dropped while its node was stopping is counted, and that it came back") {
  const auto s = scene().told();
  CHECK(s.nodes[1].entries_lost == 1);
  CHECK(s.nodes[1].entries_restored == 1);
  CHECK(s.nodes[1].ever_denied);
  CHECK(s.nodes[0].entries_lost == 0);
}

TEST_CASE("the table and the page show the same figures") {
  const std::vector<story> stories{scene().told()};
  const auto rows = figures(stories);
  CHECK(value(rows, "queries lost") == "1");
  CHECK(value(rows, "of them by SIGKILL, the grace being over") == "1");
  CHECK(value(rows, "deny entries lost to another writer") == "1");
  CHECK(value(rows, "time to stop, median") == "11.0 s");
  const auto text = table(stories), html = page_of(stories, {"a fact with < and &"});
  for (const auto& row : rows) {
    INFO(row.name);
    CHECK_THAT(text, ContainsSubstring(row.name));
    CHECK_THAT(html, ContainsSubstring("<td>" + row.name + "</td><td>" + row.values[0] + "</td>"));
  }
}

TEST_CASE("the page stands alone and escapes what it is given") {
  const auto html = page_of({scene().told()}, {"a fact with < and &"});
  CHECK_THAT(html, ContainsSubstring("a fact with &lt; and &amp;"));
  CHECK_THAT(html, ContainsSubstring("With the &lt;hook&gt;"));
  CHECK_THAT(html, ContainsSubstring("executor-&lt;1&gt;"));
  CHECK_THAT(html, ContainsSubstring("Hook of executor-&lt;1&gt;: list: a &amp; b"));
  for (const char* outside : {"http:", "https:", "<script", "src=", "@import"}) {
    INFO(outside);
    CHECK(html.find(outside) == std::string::npos);
  }
}

TEST_CASE("a time line marks the signal, the end and each lost query") {
  const auto svg = time_lines(scene().told(), 1);
  for (const char* mark : {"class=\"signal\"", "class=\"gone killed\"", "class=\"lost\"", "class=\"denied\"",
                           "class=\"stopping\"", "class=\"fragments\""}) {
    INFO(mark);
    CHECK_THAT(svg, ContainsSubstring(mark));
  }
}

TEST_CASE("a story is the same after it was written and read") {
  const auto s = scene().told();
  const auto again = read_story(write_story(s));
  CHECK(table({again}) == table({s}));
  CHECK(page_of({again}, {}) == page_of({s}, {}));
}

TEST_CASE("what is no story and no run is refused with the reason") {
  CHECK_THROWS_WITH(read_story("<html>"), ContainsSubstring("story: no JSON"));
  CHECK_THROWS_WITH(read_story(R"({"key":7})"), ContainsSubstring("of another type"));
  CHECK_THROWS_WITH(read_run(R"({"key":"a","title":"b","began":1})"), ContainsSubstring("a field is missing"));
}

TEST_CASE("a node's story leaves out what others of its name did before and after it") {
  scene s;
  s.events.push_back({member_event::kind::died, at(35s), "e1"});
  run_seen run{"ebb", "With Ebb", 40, {{"e1", "executor-1", 32, 30, 19, false, ""}}};  // from 8 s, told 10 s, gone 21 s
  const auto n = tell({s.plans, s.list, s.events}, records(run, at(40s)), at(0s), at(40s)).nodes.at(0);
  CHECK((n.told == 10 && n.gone == 21 && n.left == 20));
  CHECK(n.running.empty());  // its fragment was there before it
  CHECK(n.denied.size() == 2);
  CHECK(n.lost == std::vector<double>{20});
}
