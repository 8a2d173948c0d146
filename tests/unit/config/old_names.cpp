#include "config/old_names.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;
using namespace std::chrono_literals;

TEST_CASE("old_variables_alone are a whole configuration") {
  const environment guide{{"DREMIO_URL", "http://base_url:9047"},
                          {"DREMIO_USER", "test_user"},
                          {"DREMIO_PASSWORD", "test_password"},
                          {"PROMETHEUS_ENDPOINT", "http://prometheus_endpoint"},
                          {"PROMETHEUS_PORT", "9010"},
                          {"PROMETHEUS_WAIT_TIME", "4"},
                          {"PROMETHEUS_QUERY_MAX_RETRIES", "1000"}};
  const auto got = load({"", guide, {}}, disk({}));
  REQUIRE(got.ok());
  CHECK(got.values.dremio.url == "http://base_url:9047");
  CHECK(got.values.dremio.user.value == "test_user");
  CHECK(got.values.dremio.password.value == "test_password");
  CHECK(got.values.prometheus.url == "http://prometheus_endpoint");
  CHECK(got.values.prometheus.instance_port == "9010");
  CHECK(got.values.executor.admin_url == "http://127.0.0.1:9010");
  CHECK(got.values.drain.poll == 4s);
  CHECK(got.values.drain.grace == 600s);
  CHECK(got.values.drain.grace_from_old_variables);
  CHECK(joined(got.warnings) ==
        "drain.grace = \"600s\" is taken from PROMETHEUS_WAIT_TIME x PROMETHEUS_QUERY_MAX_RETRIES, at most 600s: set "
        "drain.grace to the pod's terminationGracePeriodSeconds\n");
}

TEST_CASE("a grace that is set elsewhere does not count as one of the old variables") {
  const environment old{{"PROMETHEUS_WAIT_TIME", "4"}, {"PROMETHEUS_QUERY_MAX_RETRIES", "10"}};
  CHECK(load_text("", "f", old).values.drain.grace == 40s);
  const auto got = load_text("[drain]\ngrace = \"720s\"\n", "f", old);
  CHECK(got.values.drain.grace == 720s);
  CHECK_FALSE(got.values.drain.grace_from_old_variables);
  CHECK_FALSE(load_text("[drain]\ngrace = \"auto\"\n", "f", old).values.drain.grace);
}

TEST_CASE("the old end point is taken with or without scheme, port and path") {
  struct row {
    const char* said;
    const char* url;
  };
  for (const auto& [said, url] :
       {row{"http://prom", "http://prom"}, row{"prom", "http://prom"}, row{"prom:9090", "http://prom:9090"},
        row{"http://prom:9090/", "http://prom:9090"}, row{"https://prom/base", "https://prom/base"},
        row{"http://prom/api/v1/query", "http://prom"}, row{"http://prom/base/api/v1/", "http://prom/base"},
        row{"10.0.0.1", "http://10.0.0.1"}, row{"[::1]:9090", "http://[::1]:9090"}}) {
    INFO(said);
    CHECK(load_text("", "f", {{"PROMETHEUS_ENDPOINT", said}}).values.prometheus.url == url);
  }
  CHECK(load_text("", "f", {{"DREMIO_URL", "dremio-client:9047"}}).values.dremio.url == "http://dremio-client:9047");
}

TEST_CASE("an old variable that cannot be read is warned about, not fatal") {
  const auto got = load_text("", "f",
                             {{"DREMIO_URL", "http://${HOST}"},
                              {"PROMETHEUS_PORT", "90x"},
                              {"PROMETHEUS_WAIT_TIME", "soon"},
                              {"PROMETHEUS_QUERY_MAX_RETRIES", "-1"},
                              {"PROMETHEUS_ENDPOINT", "http://u:hunter2@h"}});
  REQUIRE(got.ok());
  CHECK(got.values.dremio.url.empty());
  CHECK(got.values.executor.admin_url == "http://127.0.0.1:9010");
  CHECK(got.values.prometheus.instance_port.empty());
  CHECK(got.values.drain.poll == 1s);
  CHECK_FALSE(got.values.drain.grace);
  const auto warnings = joined(got.warnings);
  CHECK_THAT(warnings,
             ContainsSubstring("DREMIO_URL (old name): dremio.url = \"http://${HOST}\" has a malformed host; write"));
  CHECK_THAT(warnings, ContainsSubstring("PROMETHEUS_PORT (old name) = \"90x\" is not a port; ignored"));
  CHECK_THAT(warnings,
             ContainsSubstring("PROMETHEUS_WAIT_TIME (old name) = \"soon\" is not a number above 0; ignored"));
  CHECK_THAT(warnings,
             ContainsSubstring("PROMETHEUS_QUERY_MAX_RETRIES (old name) = \"-1\" is not a number above 0; ignored"));
  CHECK(warnings.find("hunter2") == std::string::npos);
}

TEST_CASE("old waits are brought into the bounds of their keys") {
  auto drain = [](const char* wait, const char* retries) {
    return load_text("", "f", {{"PROMETHEUS_WAIT_TIME", wait}, {"PROMETHEUS_QUERY_MAX_RETRIES", retries}}).values.drain;
  };
  CHECK(drain("0.01", "1").poll == 100ms);
  CHECK(drain("0.01", "1").grace == 1s);
  CHECK(drain("999999999", "999999999").poll == 600s);
  CHECK(drain("999999999", "999999999").grace == 600s);
  CHECK(drain("0.5", "10").poll == 500ms);
  CHECK(drain("0.5", "10").grace == 5s);
  CHECK_FALSE(load_text("", "f", {{"PROMETHEUS_QUERY_MAX_RETRIES", "10"}}).values.drain.grace);
}

TEST_CASE("empty old variables count as not set") {
  const auto got = load_text(
      "", "f", {{"DREMIO_URL", ""}, {"DREMIO_USER", ""}, {"PROMETHEUS_PORT", ""}, {"PROMETHEUS_WAIT_TIME", ""}});
  CHECK(got.ok());
  CHECK(joined(got.warnings).find("old name") == std::string::npos);
}
