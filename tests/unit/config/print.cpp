#include "config/print.hpp"

#include "config/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;

namespace {

void check_equal(const settings& a, const settings& b) {
  for (const auto& k : keys()) {
    INFO(k.name);
    CHECK(k.get(a) == k.get(b));
  }
}

}  // namespace

TEST_CASE("printed settings load as the same settings") {
  check_equal(load_text(to_toml(settings{}), "f").values, settings{});
  std::string everything;
  for (const auto& s : sections()) {
    everything.append("[").append(s.name).append("]\n");
    for (const auto& k : keys())
      if (section_of(k) == s.name && !is_secret(k))
        everything.append(leaf_of(k)).append(" = ").append(another_value_of(k.name).toml).append("\n");
  }
  const auto other = load_text(everything, "f");
  REQUIRE(other.ok());
  check_equal(load_text(to_toml(other.values), "f").values, other.values);
  check_equal(load_text(to_toml_with_origins(other), "f").values, other.values);
}

TEST_CASE("secrets are printed as a mask, and the mask is not taken for a secret") {
  const auto got = load_text(
      "", "f",
      {{"DREMIO_PASSWORD", "hunter2"}, {"EBB_DREMIO_TOKEN", "hunter2"}, {"EBB_DREMIO_CLIENT_SECRET", "hunter2"}});
  for (const auto& text : {to_toml(got.values), to_toml_with_origins(got), joined(got.warnings)})
    CHECK(text.find("hunter2") == std::string::npos);
  CHECK_THAT(to_toml(got.values), ContainsSubstring("password = \"***\"\n"));
  CHECK_FALSE(load_text(to_toml(got.values), "f").ok());
}

TEST_CASE("origins stand behind the values") {
  const auto got =
      load_text("[drain]\n  settle = \"3s\"\n", "/etc/ebb/ebb.toml",
                {{"EBB_LOG_LEVEL", "debug"}, {"DREMIO_USER", "u"}, {"POD_NAME", "e-3"}, {"PROMETHEUS_PORT", "9010"}},
                {"drain.quiet=1s"});
  const auto text = to_toml_with_origins(got);
  for (const char* line : {"settle = \"3s\"  # /etc/ebb/ebb.toml:2:3\n", "quiet = \"1s\"  # --set\n",
                           "level = \"debug\"  # EBB_LOG_LEVEL\n", "user = \"u\"  # DREMIO_USER (old name)\n",
                           "samples = 3  # default\n", "# pod: e-3\n", "# namespace: not known\n",
                           "# port in Prometheus' instance label: 9010, from PROMETHEUS_PORT (old name)\n"})
    CHECK_THAT(text, ContainsSubstring(line));
}

TEST_CASE("what is printed loads whatever bytes the pod is told of itself and the file is called") {
  const auto odd = load_text("[drain]\nsettle = \"9s\"\n", "a\nb", {{"POD_IP", "\x03"}, {"POD_NAMESPACE", "\xff"}});
  const auto text = to_toml_with_origins(odd);
  CHECK(text.starts_with("# file: \"a\\x0ab\"\n"));
  CHECK(text.find("# ip: \"\\x03\"\n") != std::string::npos);
  check_equal(load_text(text, "f").values, odd.values);
}

TEST_CASE("ebb.toml is the reference of the schema") {
  INFO("write it anew with: ebb config --defaults > config/ebb.toml");
  CHECK(read_from_disk(ebb::test::source_dir() + "/config/ebb.toml", largest_file).text == reference());
}

TEST_CASE("ebb.toml loads as the built-in defaults and shows every key with its default") {
  const auto text = read_from_disk(ebb::test::source_dir() + "/config/ebb.toml", largest_file).text;
  const auto got = load_text(text, "ebb.toml");
  REQUIRE(joined(got.errors) == "");
  check_equal(got.values, settings{});
  for (const auto& k : keys()) {
    INFO(k.name);
    CHECK(got.origins[static_cast<std::size_t>(&k - keys().data())].starts_with("ebb.toml:"));
    CHECK_THAT(text, ContainsSubstring("\n" + std::string(leaf_of(k)) + " = " + to_toml(k, k.get(settings{})) + "\n"));
  }
  for (std::size_t from = 0; from < text.size(); from = text.find('\n', from) + 1)
    CHECK(text.find('\n', from) - from <= 120);
}
