#include "agent/cli/options.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::cli;
using namespace std::chrono_literals;

namespace {

using words = std::vector<std::string>;

template <class Command>
Command parsed(words arguments) {
  auto got = parse(std::move(arguments));
  if (auto* nothing = std::get_if<nothing_to_run>(&got)) FAIL(nothing->err);
  REQUIRE(std::holds_alternative<Command>(got));
  return std::get<Command>(got);
}

nothing_to_run refused(words arguments) { return std::get<nothing_to_run>(parse(std::move(arguments))); }

}  // namespace

TEST_CASE("run takes the command behind the first -- as it is") {
  const auto run = parsed<run_command>(
      {"run", "--config", "/f", "--set", "drain.settle=1s", "--", "dremio", "--help", "--", "-x", ""});
  CHECK(run.config.file == "/f");
  CHECK(run.config.sets == words{"drain.settle=1s"});
  CHECK(run.command == words{"dremio", "--help", "--", "-x", ""});
}

TEST_CASE("every command that reads a configuration takes --config and --set") {
  const words options{"--set", "a.b=c=d", "--config=/last", "--set=e.f= g"};
  auto with = [&](words start) {
    start.insert(start.end(), options.begin(), options.end());
    return start;
  };
  auto check = [](const configuration& config) {
    CHECK(config.file == "/last");
    CHECK(config.sets == words{"a.b=c=d", "e.f= g"});
  };
  check(parsed<drain_command>(with({"drain"})).config);
  check(parsed<undrain_command>(with({"undrain"})).config);
  check(parsed<stop_command>(with({"stop"})).config);
  check(parsed<hook_command>(with({"hook", "-a", "add"})).config);
  check(parsed<status_command>(with({"status"})).config);
  check(parsed<check_command>(with({"check"})).config);
  check(parsed<config_command>(with({"config"})).config);
  check(parsed<agent_command>(with({"agent"})).config);
}

TEST_CASE("drain takes its wait, deadline, reason and force") {
  const auto plain = parsed<drain_command>({"drain"});
  CHECK_FALSE(plain.wait);
  CHECK_FALSE(plain.force);
  CHECK_FALSE(plain.deadline);
  CHECK(plain.reason.empty());
  const auto full =
      parsed<drain_command>({"drain", "--wait", "--deadline", "10m", "--reason", "node is old", "--force"});
  CHECK(full.wait);
  CHECK(full.force);
  CHECK(full.deadline == 600s);
  CHECK(full.reason == "node is old");
  CHECK(parsed<drain_command>({"drain", "--reason=-x", "--wait", "--deadline=1s", "--deadline=2s"}).deadline == 2s);
}

TEST_CASE("the other commands and their flags") {
  CHECK(parsed<hook_command>({"hook", "-a", "add"}).action == hook_action::add);
  CHECK(parsed<hook_command>({"hook", "--action", "remove"}).action == hook_action::remove);
  CHECK_FALSE(parsed<status_command>({"status"}).json);
  CHECK(parsed<status_command>({"status", "--json"}).json);
  CHECK(parsed<status_command>({"status", "-w"}).watch);
  CHECK(parsed<status_command>({"status", "--watch"}).watch);
  CHECK(parsed<check_command>({"check", "--json"}).json);
  CHECK(parsed<config_command>({"config", "--origin"}).origin);
  CHECK(parsed<config_command>({"config", "--defaults"}).defaults);
  CHECK(parsed<install_command>({"install", "/mnt/ebb"}).directory == "/mnt/ebb");
  CHECK(parsed<completion_command>({"completion", "zsh"}).for_shell == shell::zsh);
  CHECK(parsed<completion_command>({"completion", "fish"}).for_shell == shell::fish);
  parsed<version_command>({"version"});
  parsed<version_command>({"--version"});
}

TEST_CASE("a usage error is one line that names place, value and mend, and exit code 2") {
  struct row {
    words arguments;
    const char* line;
  };
  for (const auto& [arguments, line] : std::vector<row>{
           {{}, "ebb: no command given; see ebb --help"},
           {{"drian"}, "ebb: \"drian\" is not a command; did you mean drain?; see ebb --help"},
           {{"agnet"}, "ebb: \"agnet\" is not a command; see ebb --help"},
           {{"--foo"}, "ebb: \"--foo\" is not an option; see ebb --help"},
           {{"drain", "--dedline", "3"},
            "ebb drain: \"--dedline\" is not an option; did you mean --deadline?; see ebb drain --help"},
           {{"drain", "--deadline"}, "ebb drain: --deadline needs a value; write --deadline DURATION"},
           {{"drain", "--deadline", "3"},
            "ebb drain: --deadline \"3\" has no unit; write a number with its unit, such as 10m"},
           {{"drain", "--deadline", "3s"},
            "ebb drain: --deadline \"3s\" ends the wait, and there is none; write --wait too"},
           {{"drain", "now"}, "ebb drain: \"now\" is one argument too many; see ebb drain --help"},
           {{"drain", "--", "x"}, "ebb drain: \"--\" is only for ebb run; see ebb drain --help"},
           {{"run"}, "ebb run: no command to run; write it behind --: ebb run -- CMD [ARG...]"},
           {{"run", "--"}, "ebb run: no command to run; write it behind --: ebb run -- CMD [ARG...]"},
           {{"run", "dremio"}, "ebb run: \"dremio\" stands before --; write ebb run -- dremio"},
           {{"run", "--config"}, "ebb run: --config needs a value; write --config FILE"},
           {{"hook"}, "ebb hook: --action needs a value; write -a add or remove"},
           {{"hook", "-a", "wait"}, "ebb hook: -a \"wait\" is not known; write add or remove"},
           {{"install"}, "ebb install: DIR is missing; write ebb install DIR"},
           {{"install", "a", "b"}, "ebb install: \"b\" is one argument too many; see ebb install --help"},
           {{"completion"}, "ebb completion: SHELL is missing; write ebb completion bash or zsh or fish"},
           {{"completion", "tcsh"}, "ebb completion: SHELL \"tcsh\" is not known; write bash or zsh or fish"},
           {{"version", "--set", "a=b"}, "ebb version: \"--set\" is not an option; see ebb version --help"},
       }) {
    const auto got = refused(arguments);
    CHECK(got.err == std::string(line) + "\n");
    CHECK(got.exit_code == 2);
    CHECK(got.out.empty());
  }
}

TEST_CASE("whatever is in an argument, the error stays one line") {
  for (const auto& odd : words{"a\nb", std::string("a\0b", 3), std::string(10'000, 'x'), "", "-", "---", "\xff"}) {
    for (const auto& arguments : {words{odd}, words{"drain", odd}, words{"completion", odd}, words{"run", odd},
                                  words{"drain", "--wait", "--deadline", odd}}) {
      const auto got = refused(arguments);
      CHECK(got.exit_code == 2);
      CHECK(got.err.find('\n') == got.err.size() - 1);
      CHECK(got.err.size() < 400);
    }
  }
  CHECK(refused({"status", "--json=maybe"}).exit_code == 2);
  CHECK(refused({"status", "--json=a\x01"}).err.find('\x01') == std::string::npos);
}

TEST_CASE("the agent is started with the configuration of its run") {
  const auto run = parsed<run_command>({"run", "--config", "/f", "--set", "a.b=c", "--set", "d.e=f g", "--", "x"});
  const auto agent = parsed<agent_command>(agent_arguments(run.config));
  CHECK(agent.config.file == run.config.file);
  CHECK(agent.config.sets == run.config.sets);
  CHECK(agent_arguments({}) == words{"agent"});
}
