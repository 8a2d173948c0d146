#include "tools/lab/model/page.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::lab;

namespace {
std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto i = text.find(what); i != std::string::npos; i = text.find(what, i + 1)) ++n;
  return n;
}
}  // namespace

TEST_CASE("a page with the recorded figures is the recorded page, byte for byte, for every release") {
  for (auto r : all_releases) {
    INFO(name_of(r));
    CHECK(page(r).render({7, 4712, 4711, true}) == recorded_page(r));
  }
}

TEST_CASE("only the fragment figures of a page change") {
  const auto text = page(release::v25_2).render({1234, 4735, 4711, true});
  CHECK_THAT(text, ContainsSubstring("\nexec_fragments_active 1234.0\n"));
  CHECK_THAT(text, ContainsSubstring("\nexec_fragment_states{state=\"RUNNABLE\",} 411.0\n"));
  CHECK_THAT(text, ContainsSubstring("\nexec_started_queries_total 4735.0\n"));
  auto legacy = page(release::v25_0).render({3, 0, 0, true});
  CHECK_THAT(legacy, ContainsSubstring("\nfragments_active{metric_type=\"legacy\",} 3.0\n"));
  const std::string was{"fragments_active{metric_type=\"legacy\",} 7.0"};
  const auto recorded = std::string(recorded_page(release::v25_0));
  CHECK(legacy.size() == recorded.size());
  CHECK(legacy.substr(0, legacy.find("fragments_active{")) == recorded.substr(0, recorded.find(was)));
}

TEST_CASE("an idle executor's page has no fragment states and, before its first query, no query counters") {
  const auto idle = page(release::v26_0).render({0, 5, 5, true});
  CHECK(occurrences(idle, "exec_fragment_states") == 0);
  CHECK_THAT(idle, ContainsSubstring("\nexec_fragments_active 0.0\n"));
  CHECK_THAT(idle, ContainsSubstring("\nexec_ended_queries_total 5.0\n"));
  const auto fresh = page(release::v26_0).render({0, 0, 0, true});
  CHECK(occurrences(fresh, "queries_total") == 0);
}

TEST_CASE("25.1 shows its fragments under both names") {
  const auto text = page(release::v25_1).render({12, 0, 0, true});
  CHECK_THAT(text, ContainsSubstring("\nfragments_active 12.0\n"));
  CHECK_THAT(text, ContainsSubstring("\nscheduler_active_fragments_current 12.0\n"));
}

TEST_CASE("distorted pages lack the gauge, say NaN, end early or are empty") {
  const page p(release::v24_3);
  CHECK(occurrences(p.render({7, 0, 0, true}, distortion::gauge_absent), "fragments_active") == 0);
  CHECK_THAT(p.render({7, 0, 0, true}, distortion::not_a_number), ContainsSubstring("\nfragments_active NaN\n"));
  const auto cut = p.render({7, 0, 0, true}, distortion::cut_after_a_family);
  CHECK(occurrences(cut, "fragments_active") == 0);
  CHECK(cut == recorded_page(release::v24_3).substr(0, cut.size()));
  CHECK(cut.size() > 1000);
  CHECK(p.render({7, 0, 0, true}, distortion::empty).empty());
}

TEST_CASE("releases are read by their names") {
  release r{};
  CHECK(parse_release("24.3", r));
  CHECK(r == release::v24_3);
  CHECK_FALSE(parse_release("27.0", r));
}
