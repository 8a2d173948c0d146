#include "agent/init/java_opts.hpp"

#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::init;
using namespace std::chrono_literals;

namespace {

using opts = std::vector<std::string>;

opts missing(std::vector<std::string> options, std::string hocon = "") {
  return missing_java_opts({.admin_port = 9010, .grace = 1s}, {std::move(options), std::move(hocon)});
}

const std::string port = "-Dservices.web-admin.port=9010";
const std::string host = "-Dservices.web-admin.host=0.0.0.0";
const std::string grace = "-Ddremio.termination_grace_period_seconds=1";

}  // namespace

TEST_CASE("an executor that was told nothing gets a port, an address and a short grace") {
  CHECK(missing({}) == opts{port, host, grace});
}

TEST_CASE("what somebody has chosen is left alone") {
  CHECK(missing({"-Xmx4g -Dservices.web-admin.port=9999 -Dx=y"}) == opts{host, grace});
  CHECK(missing({"-Dservices.web-admin.port=9010", "-Dservices.web-admin.host=10.0.0.1"}) == opts{grace});
  CHECK(missing({"-Ddremio.termination_grace_period_seconds=600"}) == opts{port, host});
  CHECK(missing({"-Dservices.web-admin.portal=1 -Dservices.web-admin.enabled=true"}) == opts{port, host, grace});
}

TEST_CASE("dremio.conf counts as a choice, however it is written") {
  struct row {
    std::string text;
    opts left;
  };
  const row r = GENERATE(values<row>({
      {"services.web-admin.port: 9010", {host, grace}},
      {"services.web-admin.port = 9010\nservices.web-admin.host = \"0.0.0.0\"", {grace}},
      {"services: {\n  web-admin: {\n    port: 9010,\n    host: \"0.0.0.0\"\n  }\n}", {grace}},
      {"services { web-admin { enabled: true, port = ${?PORT} } }", {host, grace}},
      {"services: { \"web-admin\".port: 1 }", {host, grace}},
      {"services: { web-admin.host: \"::\" }", {port, grace}},
      {"# services.web-admin.port: 9010", {port, host, grace}},
      {"  // services.web-admin.port: 9010", {port, host, grace}},
      {"paths: { local: \"/opt\" } services: { coordinator.enabled: false, port: 1 }", {port, host, grace}},
      {"services: { web-admin: { enabled: true } , other: { port: 1 } }", {port, host, grace}},
      {"my-web-admin.port: 1", {port, host, grace}},
      {"services.web-admin", {port, host, grace}},
      {"services.web-admin {", {port, host, grace}},
      {"dremio.termination_grace_period_seconds: 30", {port, host}},
  }));
  CAPTURE(r.text);
  CHECK(missing({}, r.text) == r.left);
}

TEST_CASE("the wishes follow the configuration") {
  config::settings s;
  CHECK(wishes_of(s).admin_port == 9010);
  CHECK(missing_java_opts(wishes_of(s), {}).back() == grace);

  s.executor.admin_url = "http://[::1]:8123/x";
  CHECK(wishes_of(s).admin_port == 8123);
  s.executor.admin_url = "http://[::1]";
  CHECK(wishes_of(s).admin_port == 80);
  s.executor.admin_url = "https://host";
  CHECK(wishes_of(s).admin_port == 443);

  s.drain.grace = 720s;  // reserve 120 s
  CHECK(missing_java_opts(wishes_of(s), {}).back() == "-Ddremio.termination_grace_period_seconds=60");
  s.drain.reserve = 31s;
  CHECK(missing_java_opts(wishes_of(s), {}).back() == "-Ddremio.termination_grace_period_seconds=15");
  s.drain.grace = 2s;
  s.drain.reserve.reset();
  CHECK(missing_java_opts(wishes_of(s), {}).back() == grace);
}

TEST_CASE("options are appended to those that are there") {
  environment env{"A=1"};
  add_java_opts(env, {"-Da=1", "-Db=2"});
  CHECK(value_of(env, "DREMIO_JAVA_EXTRA_OPTS") == "-Da=1 -Db=2");
  add_java_opts(env, {"-Dc=3"});
  CHECK(env == environment{"A=1", "DREMIO_JAVA_EXTRA_OPTS=-Da=1 -Db=2 -Dc=3"});
  add_java_opts(env, {});
  CHECK(env.size() == 2);
}

TEST_CASE("every variable that carries JVM options is looked at") {
  for (const char* name :
       {"DREMIO_JAVA_EXTRA_OPTS", "DREMIO_JAVA_SERVER_EXTRA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"}) {
    environment env{std::string(name) + "=-Dservices.web-admin.port=1", "DREMIO_CONF_DIR=/nonexistent"};
    CAPTURE(name);
    CHECK(missing_java_opts({}, choices_of({"dremio", "start-fg"}, env)) == opts{host, grace});
  }
  CHECK(missing_java_opts({}, choices_of({"java", host}, {"DREMIO_CONF_DIR=/nonexistent"})) == opts{port, grace});
}
