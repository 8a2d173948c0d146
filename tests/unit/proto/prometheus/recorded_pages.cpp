// Pages as the libraries of each Dremio release print them.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "proto/prometheus/exposition_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace ebb::prometheus;
using ebb::test::exposition_page;

namespace {

const std::vector<std::string> names = {"exec_fragments_active", "fragments_active",
                                        "scheduler_active_fragments_current", "exec_started_queries_total",
                                        "exec_ended_queries_total"};
constexpr std::optional<double> absent = std::nullopt;

struct page_facts {
  const char* page;
  std::optional<double> exec_fragments, fragments, scheduler, started, ended;
};

// clang-format off
const page_facts table[] = {
    //                               exec_   fragments_ scheduler_ started  ended
    {"dremio-24.0-0",                absent, 0.0,       absent,    absent,  absent},
    {"dremio-24.0-7",                absent, 7.0,       absent,    absent,  absent},
    {"dremio-24.0-1234",             absent, 1234.0,    absent,    absent,  absent},
    {"dremio-24.3-0",                absent, 0.0,       absent,    absent,  absent},
    {"dremio-24.3-7",                absent, 7.0,       absent,    absent,  absent},
    {"dremio-24.3-1234",             absent, 1234.0,    absent,    absent,  absent},
    {"dremio-24.3-7-openmetrics",    absent, 7.0,       absent,    absent,  absent},
    {"dremio-24.3-absent",           absent, absent,    absent,    absent,  absent},
    {"dremio-25.0-0",                absent, 0.0,       absent,    absent,  absent},
    {"dremio-25.0-7",                absent, 7.0,       absent,    absent,  absent},
    {"dremio-25.0-1234",             absent, 1234.0,    absent,    absent,  absent},
    {"dremio-25.0-partial",          absent, absent,    absent,    absent,  absent},
    {"dremio-25.1-0",                absent, 0.0,       0.0,       absent,  absent},
    {"dremio-25.1-7",                absent, 7.0,       7.0,       absent,  absent},
    {"dremio-25.1-1234",             absent, 1234.0,    1234.0,    absent,  absent},
    {"dremio-25.2-0",                0.0,    absent,    absent,    4711.0,  4711.0},
    {"dremio-25.2-7",                7.0,    absent,    absent,    4712.0,  4711.0},
    {"dremio-25.2-1234",             1234.0, absent,    absent,    4735.0,  4711.0},
    {"dremio-25.2-filtered-name",    7.0,    absent,    absent,    absent,  absent},
    {"dremio-25.2-fresh",            0.0,    absent,    absent,    absent,  absent},
    {"dremio-26.0-0",                0.0,    absent,    absent,    4711.0,  4711.0},
    {"dremio-26.0-7",                7.0,    absent,    absent,    4712.0,  4711.0},
    {"dremio-26.0-1234",             1234.0, absent,    absent,    4735.0,  4711.0},
    {"dremio-26.0.5-7",              7.0,    absent,    absent,    4712.0,  4711.0},
    {"escapes-0.16.0",               7.0,    171.0,     absent,    3.0,     absent},
    {"escapes-0.16.0-openmetrics",   7.0,    171.0,     absent,    3.0,     absent},
    {"escapes-0.7.0",                7.0,    171.0,     absent,    absent,  absent},
    {"large",                        4321.0, absent,    absent,    44850.0, absent},
};
// clang-format on

std::vector<gauge_reading> read(const std::string& name, last_line last = last_line::must_end) {
  return find_gauges(exposition_page(name), names, last);
}

}  // namespace

TEST_CASE("the fragments of every Dremio release are found under that release's name") {
  for (const page_facts& facts : table) {
    INFO(facts.page);
    const auto gauges = read(facts.page);
    CHECK(gauges[0].value() == facts.exec_fragments);
    CHECK(gauges[1].value() == facts.fragments);
    CHECK(gauges[2].value() == facts.scheduler);
    CHECK(gauges[3].value() == facts.started);
    CHECK(gauges[4].value() == facts.ended);
    for (const gauge_reading& gauge : gauges) CHECK(gauge.fault == "");
  }
}

TEST_CASE("samples with labels are summed, and label values that look like samples are not counted") {
  const auto gauges = read("escapes-0.16.0");
  CHECK(gauges[0].samples == 1);
  CHECK(gauges[1].samples == 18);
  CHECK(gauges[1].sum == 171);
  CHECK(gauges[1].least == 1);
}

TEST_CASE("a missing family is unknown, not zero") {
  const auto gauges = read("dremio-24.3-absent");
  for (const gauge_reading& gauge : gauges) {
    CHECK(gauge.samples == 0);
    CHECK(gauge.doubt() == "absent");
    CHECK_FALSE(gauge.value());
  }
}

TEST_CASE("a gauge that is NaN is unknown, not zero, and the counters beside it are read") {
  const auto gauges = read("dremio-25.2-nan");
  CHECK(std::isnan(gauges[0].sum));
  CHECK(gauges[0].doubt() == "not a number");
  CHECK_FALSE(gauges[0].value());
  CHECK(gauges[3].value() == 4735);
}

TEST_CASE("values that no gauge can have are unknown, in text and in OpenMetrics") {
  for (const char* page : {"special-values-0.7.0", "special-values-0.16.0", "special-values-0.16.0-openmetrics"}) {
    INFO(page);
    const auto gauges = read(page);
    CHECK(std::isnan(gauges[0].sum));
    CHECK(gauges[0].doubt() == "not a number");
    CHECK(gauges[1].sum == HUGE_VAL);
    CHECK(gauges[1].doubt() == "infinite");
    CHECK(gauges[2].sum == -HUGE_VAL);
    CHECK(gauges[2].doubt() == "negative");
    for (std::size_t i : {0U, 1U, 2U}) CHECK_FALSE(gauges[i].value());
  }
}

TEST_CASE("every line of every recorded page can be read") {
  struct count {
    const char* page;
    std::size_t samples;
  };
  for (const page_facts& facts : table) {
    INFO(facts.page);
    std::size_t samples = 0;
    CHECK(for_each_sample(
              exposition_page(facts.page), [&](const sample&) { ++samples; }, last_line::must_end)
              .has_value());
    CHECK(samples > 0);
  }
  for (const count& known :
       {count{"special-values-0.16.0", 48}, count{"special-values-0.16.0-openmetrics", 48},
        count{"special-values-0.7.0", 45}, count{"hotspot-defaults-0.16.0", 106}, count{"micrometer-1.13-1234", 111}}) {
    INFO(known.page);
    std::size_t samples = 0;
    const auto read =
        for_each_sample(exposition_page(known.page), [&](const sample&) { ++samples; }, last_line::must_end);
    CHECK(read.has_value());
    CHECK(samples == known.samples);
  }
}

TEST_CASE("a page of a Dremio release cut at any byte never shows a number that is not there") {
  // Of a page that ends with its connection every cut inside a line is seen; a cut after a line can only hide the name.
  const std::string page = exposition_page("dremio-25.2-filtered-name") + exposition_page("escapes-0.16.0");
  for (std::size_t length = 0; length < page.size(); ++length) {
    INFO("cut after " << length);
    const auto gauges = find_gauges(std::string_view(page).substr(0, length), names, last_line::must_end);
    const bool whole_lines = length == 0 || page[length - 1] == '\n';
    for (const gauge_reading& gauge : gauges) CHECK((whole_lines || !gauge.value()));
    CHECK((!gauges[0].value() || *gauges[0].value() == 7));
  }
}
