#include "config/interpret.hpp"
#include "config/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;

namespace {

std::string in_file(const key& k, const std::string& toml) {
  return "[" + std::string(section_of(k)) + "]\n" + std::string(leaf_of(k)) + " = " + toml + "\n";
}

std::string origin(const loaded& from, const key& k) {
  return from.origins[static_cast<std::size_t>(&k - keys().data())];
}

}  // namespace

TEST_CASE("every key can be set by the file, by the environment and by --set") {
  for (const auto& k : keys()) {
    INFO(k.name);
    const auto [text, toml] = another_value_of(k.name);
    const auto wanted = *interpret(k, node_of_text(k, text)).result;
    const auto name = std::string(k.name);

    const auto file = load_text(in_file(k, toml), "f");
    REQUIRE(file.ok());
    CHECK(k.get(file.values) == wanted);
    CHECK(origin(file, k) == "f:2:1");

    const auto env = load_text("", "f", {{variable_of(k), text}});
    REQUIRE(env.ok());
    CHECK(k.get(env.values) == wanted);
    CHECK(origin(env, k) == variable_of(k));

    const auto set = load_text("", "f", {}, {name + "=" + text});
    CHECK(set.ok() != is_secret(k));
    if (is_secret(k)) continue;
    CHECK(k.get(set.values) == wanted);
    CHECK(origin(set, k) == "--set");
  }
}

TEST_CASE("stronger sources win: defaults, old names, file, environment, --set") {
  const auto& url = *find_key("dremio.url");
  struct row {
    bool old, file, env, set;
    const char* value;
    const char* origin;
  };
  for (const auto& [old, file, env, set, value, where] :
       {row{false, false, false, false, "", "default"},
        row{true, false, false, false, "http://old", "DREMIO_URL (old name)"},
        row{true, true, false, false, "http://file", "f:2:1"},
        row{true, true, true, false, "http://env", "EBB_DREMIO_URL"},
        row{true, true, true, true, "http://set", "--set"},
        row{true, false, true, false, "http://env", "EBB_DREMIO_URL"},
        row{false, true, false, true, "http://set", "--set"}}) {
    environment vars;
    if (old) vars["DREMIO_URL"] = "http://old";
    if (env) vars["EBB_DREMIO_URL"] = "http://env";
    const auto got = load_text(file ? "[dremio]\nurl = \"http://file\"\n" : "", "f", vars,
                               set ? std::vector<std::string>{"dremio.url=http://set"} : std::vector<std::string>{});
    REQUIRE(got.ok());
    CHECK(got.values.dremio.url == value);
    CHECK(origin(got, url) == where);
  }
}

TEST_CASE("a stronger source that is wrong is an error, not a reason to fall back") {
  const auto got = load_text("[drain]\nsettle = \"20s\"\n", "f", {{"EBB_DRAIN_SETTLE", "never"}});
  CHECK(joined(got.errors) ==
        "EBB_DRAIN_SETTLE: drain.settle = \"never\" is not a duration; write a number with its unit (ms, s, m, h), "
        "\"0s\" to \"600s\"\n");
}

TEST_CASE("of several --set of one key the last counts, and a value may hold an equals sign") {
  const auto got = load_text("", "f", {}, {"drain.settle=1s", "drain.settle=2s", "prometheus.selector=a=\"b\""});
  REQUIRE(got.ok());
  CHECK(got.values.drain.settle == std::chrono::seconds(2));
  CHECK(got.values.prometheus.selector == "a=\"b\"");
}

TEST_CASE("an empty variable empties a text or a list, and is an error for everything else") {
  const auto got = load_text("[dremio]\nurl = \"http://file\"\n[executor]\nsuccess_codes = [1]\n", "f",
                             {{"EBB_DREMIO_URL", ""}, {"EBB_EXECUTOR_SUCCESS_CODES", ""}});
  REQUIRE(got.ok());
  CHECK(got.values.dremio.url.empty());
  CHECK(got.values.executor.success_codes.empty());
  for (const char* name : {"EBB_DRAIN_SETTLE", "EBB_DRAIN_SAMPLES", "EBB_RETRY_RATIO", "EBB_DREMIO_TLS_VERIFY",
                           "EBB_LOG_LEVEL", "EBB_LISTEN_PROBES", "EBB_EXECUTOR_METRICS"}) {
    INFO(name);
    CHECK(load_text("", "f", {{name, ""}}).errors.size() == 1);
  }
}
