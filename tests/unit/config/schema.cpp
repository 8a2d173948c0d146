#include "config/schema.hpp"

#include <set>

#include "config/environment.hpp"
#include "config/interpret.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;

TEST_CASE("the keys are those of the interface, and no others") {
  const std::set<std::string_view> promised{"executor.admin_url",
                                            "executor.metrics",
                                            "executor.stop_signal",
                                            "executor.forward",
                                            "executor.success_codes",
                                            "dremio.url",
                                            "dremio.user",
                                            "dremio.user_file",
                                            "dremio.password",
                                            "dremio.password_file",
                                            "dremio.token",
                                            "dremio.token_file",
                                            "dremio.client_id",
                                            "dremio.client_secret",
                                            "dremio.client_secret_file",
                                            "dremio.ca_file",
                                            "dremio.tls_verify",
                                            "dremio.node_name",
                                            "dremio.timeout",
                                            "dremio.login_timeout",
                                            "dremio.reclaim",
                                            "prometheus.url",
                                            "prometheus.ca_file",
                                            "prometheus.token_file",
                                            "prometheus.selector",
                                            "drain.grace",
                                            "drain.short",
                                            "drain.reserve",
                                            "drain.settle",
                                            "drain.quiet",
                                            "drain.samples",
                                            "drain.poll",
                                            "drain.deny_patience",
                                            "kubernetes.mode",
                                            "kubernetes.url",
                                            "kubernetes.token_file",
                                            "kubernetes.ca_file",
                                            "kubernetes.taints",
                                            "kubernetes.fleet",
                                            "kubernetes.cluster",
                                            "listen.probes",
                                            "listen.control",
                                            "listen.token_file",
                                            "retry.ratio",
                                            "retry.burst",
                                            "log.level",
                                            "log.format"};
  std::set<std::string_view> present;
  for (const auto& k : keys()) present.insert(k.name);
  CHECK(present == promised);
  CHECK(keys().size() == promised.size());
}

TEST_CASE("the defaults are those of the interface") {
  auto shown = [](std::string_view name) { return to_toml(*find_key(name), find_key(name)->get(settings{})); };
  CHECK(shown("executor.admin_url") == "\"http://127.0.0.1:9010\"");
  CHECK(shown("executor.metrics") ==
        R"(["exec_fragments_active", "fragments_active", "scheduler_active_fragments_current"])");
  CHECK(shown("executor.stop_signal") == "\"SIGTERM\"");
  CHECK(shown("executor.forward") == "[]");
  CHECK(shown("executor.success_codes") == "[0, 143, 4]");
  CHECK(shown("dremio.url") == "\"\"");
  CHECK(shown("dremio.tls_verify") == "true");
  CHECK(shown("dremio.node_name") == "\"auto\"");
  CHECK(shown("dremio.timeout") == "\"5s\"");
  CHECK(shown("dremio.login_timeout") == "\"30s\"");
  CHECK(shown("dremio.reclaim") == "\"60s\"");
  CHECK(shown("drain.grace") == "\"auto\"");
  CHECK(shown("drain.short") == "\"15s\"");
  CHECK(shown("drain.reserve") == "\"auto\"");
  CHECK(shown("drain.settle") == "\"10s\"");
  CHECK(shown("drain.quiet") == "\"3s\"");
  CHECK(shown("drain.samples") == "3");
  CHECK(shown("drain.poll") == "\"1s\"");
  CHECK(shown("drain.deny_patience") == "\"auto\"");
  CHECK(shown("kubernetes.mode") == "\"auto\"");
  CHECK(shown("listen.probes") == "\"[::]:9011\"");
  CHECK(shown("listen.control") == "\"127.0.0.1:9012\"");
  CHECK(shown("retry.ratio") == "0.1");
  CHECK(shown("retry.burst") == "10");
  CHECK(shown("log.level") == "\"info\"");
  CHECK(shown("log.format") == "\"logfmt\"");
}

TEST_CASE("every key is in a section, explained, and its default is a value that it takes") {
  std::set<std::string_view> names;
  for (const auto& s : sections()) names.insert(s.name);
  for (const auto& k : keys()) {
    INFO(k.name);
    CHECK(names.count(section_of(k)) == 1);
    CHECK(k.meaning.ends_with('.'));
    CHECK(k.limit.ends_with('.'));
    CHECK_FALSE(allowed(k).empty());
    const auto bounded = k.type == kind::integer || k.type == kind::number || k.type == kind::span ||
                         k.type == kind::span_or_auto || k.type == kind::codes;
    CHECK(bounded == (k.low < k.high));
    CHECK((k.type == kind::choice) == !k.choices.empty());
  }
}

TEST_CASE("keys of one section stand together") {
  std::set<std::string_view> closed;
  std::string_view open;
  for (const auto& k : keys()) {
    if (section_of(k) == open) continue;
    CHECK(closed.insert(section_of(k)).second);
    open = section_of(k);
  }
}

TEST_CASE("a key's field is its own: setting it changes no other key") {
  for (const auto& k : keys()) {
    INFO(k.name);
    settings changed;
    const auto other = interpret(k, node_of_text(k, another_value_of(k.name).text));
    REQUIRE(other.result);
    k.set(changed, *other.result);
    CHECK(k.get(changed) == *other.result);
    CHECK(k.get(changed) != k.get(settings{}));
    for (const auto& untouched : keys())
      if (&untouched != &k) CHECK(untouched.get(changed) == untouched.get(settings{}));
  }
}

TEST_CASE("no variable of a key looks like a service link or is reserved") {
  for (const auto& k : keys()) {
    INFO(variable_of(k));
    CHECK_FALSE(is_service_link(variable_of(k), ""));
    CHECK_FALSE(is_reserved(variable_of(k)));
    CHECK(find_variable(variable_of(k)) == &k);
  }
  CHECK(variable_of(*find_key("dremio.client_secret_file")) == "EBB_DREMIO_CLIENT_SECRET_FILE");
}

TEST_CASE("texts are printed so that TOML reads them back") {
  const auto& user = *find_key("dremio.user");
  CHECK(to_toml(user, std::string("a\"b\\c\x01")) == "\"a\\\"b\\\\c\\u0001\"");
  CHECK(to_toml(*find_key("dremio.password"), std::string("x")) == "\"***\"");
  CHECK(to_toml(*find_key("dremio.password"), std::string()) == "\"\"");
}
