#include "config/environment.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::config;

TEST_CASE("an environment block becomes a map, the first of a name counting") {
  const char* block[] = {"A=1", "B=x=y", "A=2", "EMPTY=", "=odd", "none", nullptr};
  const auto env = environment_from(block);
  CHECK(env.size() == 3);
  CHECK(value_of(env, "A") == "1");
  CHECK(value_of(env, "B") == "x=y");
  CHECK(value_of(env, "EMPTY").empty());
  CHECK(value_of(env, "none").empty());
  CHECK(environment_from(nullptr).empty());
}

TEST_CASE("the executor sees none of our variables and no password") {
  for (const char* name :
       {"EBB_DREMIO_PASSWORD", "EBB_CONFIG", "EBB_", "EBB_ANYTHING", "EBB_JAVA", "DREMIO_PASSWORD"}) {
    INFO(name);
    CHECK(hidden_from_executor(name));
  }
  for (const char* name : {"DREMIO_USER", "DREMIO_URL", "DREMIO_PASSWORD_POLICY", "PATH", "EBBA", "XEBB_", "ebb_x",
                           "PROMETHEUS_PORT", ""}) {
    INFO(name);
    CHECK_FALSE(hidden_from_executor(name));
  }
}

TEST_CASE("service links are known by their value and by their name") {
  CHECK(is_service_link("EBB_PORT", "tcp://10.0.0.1:80"));
  CHECK(is_service_link("EBB_SERVICE_HOST", "10.0.0.1"));
  CHECK(is_service_link("EBB_PORT_80_TCP_ADDR", "10.0.0.1"));
  CHECK_FALSE(is_service_link("EBB_PORT", "80"));
  CHECK_FALSE(is_service_link("EBB_DRAIN_SETTLE", "10s"));
}
