#include "agent/cli/version.hpp"

#include <sstream>

#include "tests/support/catch.hpp"

TEST_CASE("ebb version names version, commit, compiler and every library") {
  std::ostringstream out;
  ebb::cli::print_version(out);
  const auto text = out.str();
  CHECK(text.starts_with("ebb " + std::string(ebb::cli::version()) + "\n"));
  CHECK_FALSE(ebb::cli::commit().empty());
  for (const char* name :
       {"commit ", "compiler ", "Boost 1.", "OpenSSL 3.", "simdjson ", "spdlog ", "toml++ 3.", "CLI11 2.", "c-ares 1."})
    CHECK_THAT(text, ContainsSubstring(name));
}
