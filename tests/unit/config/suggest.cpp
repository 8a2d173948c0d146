#include "config/suggest.hpp"

#include "config/known_names.hpp"
#include "tests/support/catch.hpp"

using namespace ebb::config;

TEST_CASE("the nearest name is found, and none where nothing is near") {
  const std::vector<std::string> names{"drain", "dremio", "executor", "log", "warning", "node_name"};
  CHECK(nearest("drian", names) == "drain");
  CHECK(nearest("dremo", names) == "dremio");
  CHECK(nearest("DREMIO", names) == "dremio");
  CHECK(nearest("node-name", names) == "node_name");
  CHECK(nearest("warn", names) == "warning");
  CHECK(nearest("", names).empty());
  CHECK(nearest("zz", names).empty());
  CHECK(nearest("prometheus", names).empty());
  CHECK(nearest(std::string(100'000, 'd'), names).empty());
}

TEST_CASE("a key is looked for by spelling and in the other sections") {
  CHECK(suggestion_for_key("drain.setle") == "; did you mean drain.settle?");
  CHECK(suggestion_for_key("dremio.settle") == "; did you mean drain.settle?");
  CHECK(suggestion_for_key("settle") == "; did you mean drain.settle?");
  CHECK(suggestion_for_key("drian.settle") == "; did you mean drain.settle?");
  CHECK(suggestion_for_key("drian.setle") == "; did you mean drain.settle?");
  CHECK(suggestion_for_key("dremio.pasword") == "; did you mean dremio.password?");
  CHECK(suggestion_for_key("dremio.entirely_else").empty());
  CHECK(suggestion_for_key("").empty());
  CHECK(mend_for_key("drain.setle") == "; did you mean drain.settle?");
  CHECK(mend_for_key("foo") == "; ebb config --defaults shows all keys");
  CHECK(suggestion_for_key("drain.").empty());
}
