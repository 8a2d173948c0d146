#include "agent/cli/help.hpp"

#include "agent/cli/options.hpp"
#include "tests/support/catch.hpp"

using namespace ebb::cli;

TEST_CASE("help of every command is on stdout with exit code 0 and names every flag") {
  for (const auto& c : commands()) {
    const std::string name(c.name);
    for (const auto& arguments : {std::vector<std::string>{name, "--help"}, {name, "-h"}, {"help", name}}) {
      const auto got = std::get<nothing_to_run>(parse(arguments));
      INFO(name);
      CHECK(got.exit_code == 0);
      CHECK(got.err.empty());
      CHECK_THAT(got.out, ContainsSubstring("Usage: ebb " + name));
      CHECK_THAT(got.out, ContainsSubstring("Exit codes: "));
      for (const auto& f : c.flags) CHECK_THAT(got.out, ContainsSubstring(std::string(f.name) + " "));
      CHECK((got.out.find("--config FILE") != std::string::npos) == c.reads_configuration);
    }
  }
}

TEST_CASE("help names the commands, but not those of Ebb itself") {
  for (const auto& arguments : {std::vector<std::string>{"--help"}, {"-h"}, {"help"}}) {
    const auto got = std::get<nothing_to_run>(parse(arguments));
    CHECK(got.exit_code == 0);
    for (const auto& c : commands())
      CHECK((got.out.find("\n  " + std::string(c.name) + " ") != std::string::npos) != c.hidden);
  }
}

TEST_CASE("the commands are those of the interface") {
  std::string names;
  for (const auto& c : commands())
    if (!c.hidden) names += std::string(c.name) + " ";
  CHECK(names == "run sidecar drain undrain stop hook status check config install version completion ");
}
