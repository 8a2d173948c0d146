#include "proto/prometheus/exposition_writer.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "proto/prometheus/exposition_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"

using namespace ebb::prometheus;

namespace {

std::string page_of_every_kind() {
  exposition_writer page;
  page.gauge("ebb_state", "The state, 1 for the one that holds.");
  page.sample({{"state", "serving"}}, 1);
  page.sample({{"state", "draining"}}, 0);
  page.counter("ebb_requests_total", "Requests by upstream\nand outcome, a \\ and \"quotes\".");
  page.sample({{"upstream", "dremio"}, {"outcome", "\"C:\\x\"\nnext"}}, 12);
  page.histogram("ebb_drain_seconds", "How long drains took.");
  const histogram_bucket buckets[] = {{0.5, 1}, {1, 1}, {30, 4}};
  const label_view labels[] = {{"phase", "denying"}};
  page.buckets(labels, buckets, 61.25, 5);
  page.buckets({}, buckets, 7, 4);
  page.gauge("ebb_special", "Values that are no numbers.");
  page.sample({{"v", "nan"}}, std::nan(""));
  page.sample({{"v", "inf"}}, HUGE_VAL);
  page.sample({{"v", "-inf"}}, -HUGE_VAL);
  page.gauge("ebb_plain", "No labels.");
  page.sample(1795517535.25);
  page.gauge("ebb_empty", "A family without samples.");
  return page.text();
}

// The exit status of `promtool check metrics` for the page; nothing where there is no promtool.
std::optional<int> promtool(const std::string& page) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) return std::nullopt;
  const std::string path = ebb::test::binary_dir() + "/promtool-page.txt";
  std::ofstream(path, std::ios::binary) << page;
  return std::system(("promtool check metrics <'" + path + "' >/dev/null 2>&1").c_str());
}

}  // namespace

TEST_CASE("a page is written as its strictest parser wants it") {
  CHECK(page_of_every_kind() ==
        "# HELP ebb_state The state, 1 for the one that holds.\n"
        "# TYPE ebb_state gauge\n"
        "ebb_state{state=\"serving\"} 1\n"
        "ebb_state{state=\"draining\"} 0\n"
        "# HELP ebb_requests_total Requests by upstream\\nand outcome, a \\\\ and \"quotes\".\n"
        "# TYPE ebb_requests_total counter\n"
        "ebb_requests_total{upstream=\"dremio\",outcome=\"\\\"C:\\\\x\\\"\\nnext\"} 12\n"
        "# HELP ebb_drain_seconds How long drains took.\n"
        "# TYPE ebb_drain_seconds histogram\n"
        "ebb_drain_seconds_bucket{phase=\"denying\",le=\"0.5\"} 1\n"
        "ebb_drain_seconds_bucket{phase=\"denying\",le=\"1\"} 1\n"
        "ebb_drain_seconds_bucket{phase=\"denying\",le=\"30\"} 4\n"
        "ebb_drain_seconds_bucket{phase=\"denying\",le=\"+Inf\"} 5\n"
        "ebb_drain_seconds_sum{phase=\"denying\"} 61.25\n"
        "ebb_drain_seconds_count{phase=\"denying\"} 5\n"
        "ebb_drain_seconds_bucket{le=\"0.5\"} 1\n"
        "ebb_drain_seconds_bucket{le=\"1\"} 1\n"
        "ebb_drain_seconds_bucket{le=\"30\"} 4\n"
        "ebb_drain_seconds_bucket{le=\"+Inf\"} 4\n"
        "ebb_drain_seconds_sum 7\n"
        "ebb_drain_seconds_count 4\n"
        "# HELP ebb_special Values that are no numbers.\n"
        "# TYPE ebb_special gauge\n"
        "ebb_special{v=\"nan\"} NaN\n"
        "ebb_special{v=\"inf\"} +Inf\n"
        "ebb_special{v=\"-inf\"} -Inf\n"
        "# HELP ebb_plain No labels.\n"
        "# TYPE ebb_plain gauge\n"
        "ebb_plain 1795517535.25\n"
        "# HELP ebb_empty A family without samples.\n"
        "# TYPE ebb_empty gauge\n");
}

TEST_CASE("promtool finds nothing to say about a page that is written") {
  const std::optional<int> status = promtool(page_of_every_kind());
  if (!status) {
    WARN("promtool is not installed: only the page's text was compared");
    return;
  }
  CHECK(*status == 0);
  CHECK(promtool("# HELP a_total b\n# TYPE a_total counter\na_total 1 \n") != 0);  // promtool does complain of a blank
}

TEST_CASE("label values read back as they were, whatever bytes they hold") {
  exposition_writer page;
  page.gauge("g", "h");
  page.sample({{"a", "\\n \n \" \\ \\\" caf\u00e9 \t}"}, {"b", std::string_view("x\0y\xff\xc3", 5)}}, 1);
  std::vector<label> labels;
  REQUIRE(for_each_sample(
              page.text(), [&](const sample& one) { labels = read_labels(one.labels); }, last_line::must_end)
              .has_value());
  CHECK(labels == std::vector<label>{{"a", "\\n \n \" \\ \\\" caf\u00e9 \t}"}, {"b", "x?y??"}});
}
