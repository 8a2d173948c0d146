#include "agent/init/environment.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::init;

TEST_CASE("the executor sees nothing that is Ebb's alone") {
  environment env{
      "PATH=/bin", "EBB_DREMIO_PASSWORD=x", "EBB_=", "DREMIO_PASSWORD=x", "DREMIO_PASSWORD_FILE=f", "DREMIO_USER=u",
      "XEBB_A=1"};
  CHECK(for_executor(env) ==
        environment{"PATH=/bin", "DREMIO_PASSWORD_FILE=f", "DREMIO_USER=u", "XEBB_A=1", "DREMIO_IN_CONTAINER=1"});
  CHECK(for_executor({"DREMIO_IN_CONTAINER=0"}) == environment{"DREMIO_IN_CONTAINER=1"});
}

TEST_CASE("a variable is found by its whole name") {
  environment env{"AB=1", "A=", "NOVALUE"};
  CHECK(value_of(env, "AB") == "1");
  CHECK(value_of(env, "A") == "");
  CHECK_FALSE(value_of(env, "NOVALUE"));
  CHECK_FALSE(value_of(env, "B"));
}

TEST_CASE("secrets are overwritten in place, the rest stays") {
  char token[] = "EBB_DREMIO_TOKEN=s3cret", password[] = "DREMIO_PASSWORD=pw", path[] = "PATH=/bin",
       odd[] = "EBB_NOVALUE";
  char* variables[] = {token, password, path, odd, nullptr};
  wipe_secrets(variables);
  CHECK(std::string(token, sizeof token) == std::string("EBB_DREMIO_TOKEN=") + std::string(7, '\0'));
  CHECK(std::string(password) == "DREMIO_PASSWORD=");
  CHECK(std::string(path) == "PATH=/bin");
  CHECK(std::string(odd) == "EBB_NOVALUE");
  wipe_secrets(nullptr);
  CHECK(copy_environment(variables).size() == 4);
  CHECK(copy_environment(nullptr).empty());
}
