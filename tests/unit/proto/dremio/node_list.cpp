#include "proto/dremio/node_list.hpp"

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace ebb::dremio;
using ebb::proto::milliseconds_since_epoch;
using ebb::proto::parse_iso_time;

namespace {

std::string body(const std::string& name) { return ebb::test::golden("tests/unit/proto/data/dremio/" + name); }

milliseconds_since_epoch at(std::int64_t ms) { return milliseconds_since_epoch(std::chrono::milliseconds(ms)); }

}  // namespace

TEST_CASE("a node list tells coordinators, executors and those that give no answer") {
  const auto rows = parse_node_list(body("node-list.json"));
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 3);
  const node_row& master = (*rows)[0];
  CHECK(master.name == "dremio-master-0.dremio-cluster-pod.analytics.svc.cluster.local");
  CHECK(master.host == master.name);
  CHECK(master.port == 31010);
  CHECK(master.is_master);
  CHECK(master.is_coordinator);
  CHECK_FALSE(master.is_executor);
  CHECK(master.engine == "");
  CHECK(master.details == "");
  CHECK(master.start == at(1730795400123));
  const node_row& executor = (*rows)[1];
  CHECK(executor.ip == "10.1.2.4");
  CHECK(executor.port == -1);
  CHECK(executor.status == "green");
  CHECK(executor.is_executor);
  CHECK(executor.is_compatible == true);
  CHECK_FALSE(executor.is_denied);
  CHECK(executor.engine == "etl");
  CHECK(executor.version == "25.2.0");
  CHECK(executor.start == at(1730795400000));
  const node_row& silent = (*rows)[2];
  CHECK(silent.status == "red");
  CHECK(silent.details == "NO_RESPONSE");
  CHECK_FALSE(silent.start);
}

TEST_CASE("Enterprise tells whether a node is denied") {
  const auto rows = parse_node_list(body("node-list-enterprise.json"));
  REQUIRE(rows.has_value());
  CHECK(rows->at(0).is_denied == true);
  CHECK(rows->at(0).engine == "my-engine");
  CHECK(rows->at(0).start == at(1757925000123));
}

TEST_CASE("missing and null fields are empty, fields that are not known are passed over") {
  const auto rows =
      parse_node_list(R"([{},{"name":null,"port":null,"isExecutor":null,"start":null},{"new":[1,{"a":2}]}])");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 3);
  for (const node_row& row : *rows) {
    CHECK(row.name == "");
    CHECK_FALSE(row.port);
    CHECK_FALSE(row.is_executor);
    CHECK_FALSE(row.is_denied);
    CHECK_FALSE(row.start);
  }
  CHECK(parse_node_list("[]").value().empty());
  CHECK_FALSE(parse_node_list(R"([{"start":"yesterday"}])").value()[0].start);
}

TEST_CASE("what is no node list is an error that names the place") {
  struct row {
    const char* body;
    const char* what;
  };
  const row table[] = {
      {"{}", "node list: the document is an object, expected an array of nodes"},
      {"[7]", "node list: [0] is 7, expected an object"},
      {R"([{},{"name":7}])", "node list: [1].name is 7, expected a string"},
      {R"([{"isExecutor":"yes"}])", "node list: [0].isExecutor is \"yes\", expected true or false"},
      {R"([{"port":1e99}])", "node list: [0].port is 1e+99, expected a whole number"},
      {R"([{"port":[]}])", "node list: [0].port is an array, expected a whole number"},
  };
  for (const row& one : table) {
    INFO(one.body);
    const auto rows = parse_node_list(one.body);
    REQUIRE(rows.has_error());
    CHECK(rows.error().what == one.what);
  }
  std::string many = "[{}";
  for (std::size_t i = 0; i < node_list_rows_limit; ++i) many += ",{}";
  CHECK(parse_node_list(many + "]").error().what == "node list: more than 20000 nodes");
  const std::string whole = body("node-list-enterprise.json");
  for (std::size_t i = 0; i < whole.size(); ++i)
    CHECK(parse_node_list(std::string_view(whole).substr(0, i)).has_error());
}

TEST_CASE("times in ISO 8601 are read with any zone") {
  struct row {
    const char* text;
    std::optional<milliseconds_since_epoch> time;
  };
  const row table[] = {
      {"1970-01-01T00:00:00Z", at(0)},
      {"1970-01-01T00:00:00.001Z", at(1)},
      {"1970-01-01T00:00:00.1Z", at(100)},
      {"1970-01-01T00:00:00.0019999Z", at(1)},
      {"1970-01-01T00:00:01", at(1000)},
      {"1970-01-01T00:01Z", at(60'000)},
      {"1970-01-01T01:00:00+01:00", at(0)},
      {"1970-01-01T01:00:00+0100", at(0)},
      {"1970-01-01T01:00:00+01", at(0)},
      {"1969-12-31T18:30:00-05:30", at(0)},
      {"2024-02-29T12:00:00.000+00:00", at(1709208000000)},
      {"1970-01-01T00:00:60Z", at(60'000)},
  };
  for (const row& one : table) {
    INFO(one.text);
    CHECK(parse_iso_time(one.text) == one.time);
  }
  for (const char* bad : {"",
                          "1970",
                          "1970-01",
                          "1970-01-01",
                          "1970-01-01T",
                          "1970-01-01 00:00:00Z",
                          "1970-01-01T24:00:00Z",
                          "1970-01-01T00:60:00Z",
                          "1970-01-01T00:00:61Z",
                          "1970-01-01T00:00:00.Z",
                          "1970-01-01T00:00:00z",
                          "1970-01-01T00:00:00ZZ",
                          "2023-02-29T00:00:00Z",
                          "1970-00-01T00:00:00Z",
                          "1970-13-01T00:00:00Z",
                          "1970-01-32T00:00:00Z",
                          "1970-1-01T00:00:00Z",
                          "1970-01-01T0:00:00Z",
                          "1970-01-01T00:0",
                          "1970-01-01T00:00:0",
                          "1970-01-01T00:00:00+24:00",
                          "1970-01-01T00:00:00+00:60",
                          "1970-01-01T00:00:00+1",
                          "1970-01-01T00:00:00+010",
                          "1970-01-01T00:00:00+01:00x",
                          "1970-01-01T00:00:00 UTC",
                          "-970-01-01T00:00:00Z",
                          "197O-01-01T00:00:00Z",
                          "1970/01-01T00:00:00Z",
                          "1970-01/01T00:00:00Z"}) {
    INFO(bad);
    CHECK_FALSE(parse_iso_time(bad));
  }
}
