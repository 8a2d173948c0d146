#include "agent/cli/configuration.hpp"

#include <sstream>

#include "config/print.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;

namespace {

config::file_content no_file(const std::string&, std::size_t) {
  return {{}, std::make_error_code(std::errc::no_such_file_or_directory)};
}

struct printed {
  int exit_code;
  std::string out, err;
};

printed print(cli::config_command asked, config::environment env = {}) {
  std::ostringstream out, err;
  const int code = cli::print_configuration(asked, std::move(env), no_file, out, err);
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("ebb config prints what counts, with warnings on stderr") {
  const auto got = print({{"", {"drain.settle=3s"}}, false, false}, {{"EBB_DREMIO_PASSWORD", "hunter2"}});
  CHECK(got.exit_code == 0);
  CHECK_THAT(got.out, ContainsSubstring("\nsettle = \"3s\"\n"));
  CHECK_THAT(got.out, ContainsSubstring("\npassword = \"***\"\n"));
  CHECK_THAT(got.err, ContainsSubstring("ebb: warning: dremio.password has no dremio.user"));
  CHECK((got.out + got.err).find("hunter2") == std::string::npos);
  CHECK_THAT(print({{"", {"drain.settle=3s"}}, true, false}).out, ContainsSubstring("\nsettle = \"3s\"  # --set\n"));
}

TEST_CASE("ebb config with something wrong prints nothing but what is wrong and exits with 2") {
  const auto got = print({{"/x", {"drain.settle=3"}}, false, false});
  CHECK(got.exit_code == 2);
  CHECK(got.out.empty());
  CHECK(got.err ==
        "ebb: --config: /x cannot be read: No such file or directory; give the path of a TOML file\n"
        "ebb: --set: drain.settle = \"3\" has no unit, such as \"3s\"; write a number with its unit (ms, s, m, h), "
        "\"0s\" to \"600s\"\n");
}

TEST_CASE("ebb config --defaults is the commented reference, whatever is configured") {
  CHECK(print({{"/x", {}}, false, true}).out == config::reference());
}

TEST_CASE("commands get settings or an explanation") {
  std::ostringstream err;
  const auto good = cli::load_or_explain(cli::sources_of({"", {"drain.samples=7"}}, {}), no_file, err);
  REQUIRE(good);
  CHECK(good->drain.samples == 7);
  CHECK(err.str().empty());
  CHECK_FALSE(cli::load_or_explain(cli::sources_of({"", {"drain.samples=x"}}, {}), no_file, err));
  CHECK_THAT(err.str(), ContainsSubstring("ebb: --set: drain.samples = \"x\""));
}
