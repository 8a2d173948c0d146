// Ebb: one binary that is the entrypoint, the agent, a java in front of the real one, and the commands for people.
#include <sys/auxv.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "agent/cli/completion.hpp"
#include "agent/cli/configuration.hpp"
#include "agent/cli/install.hpp"
#include "agent/cli/version.hpp"
#include "agent/init/environment.hpp"
#include "agent/init/init.hpp"
#include "agent/init/java_mode.hpp"
#include "agent/real_agent.hpp"
#include "agent/real_commands.hpp"

namespace {

using namespace ebb;

constexpr int usage_error = 2;

config::environment own_environment() { return config::environment_from(environ); }

// The settings, or nothing after every error has been told.
std::optional<config::settings> settings_of(const cli::configuration& chosen) {
  return cli::load_or_explain(cli::sources_of(chosen, own_environment()), config::read_from_disk, std::cerr);
}

std::vector<std::string> agent_command_line(const cli::configuration& chosen) {
  auto arguments = cli::agent_arguments(chosen);
  arguments.insert(arguments.begin(), "ebb");
  return arguments;
}

int execute(const cli::run_command& c) {
  init::hold_signals();
  const auto settings = settings_of(c.config);
  if (!settings) return usage_error;
  return init::run(*settings, c.command, agent_command_line(c.config));
}

int execute(const cli::agent_command& c) {
  const auto sources = cli::sources_of(c.config, own_environment());
  init::wipe_secrets(environ);  // what is needed is in `sources`; /proc/PID/environ is open to the executor
  const auto loaded = config::load(sources, config::read_from_disk);
  for (const auto& error : loaded.errors) std::cerr << "ebb: " << error << '\n';
  if (!loaded.ok()) return usage_error;  // the file has been broken since init read it; the next agent tries again
  return run_agent(sources, loaded);
}

int execute(const cli::config_command& c) {
  return cli::print_configuration(c, own_environment(), config::read_from_disk, std::cout, std::cerr);
}

int execute(const cli::install_command& c) {
  const auto* binary = reinterpret_cast<const char*>(getauxval(AT_EXECFN));  // an empty image has no /proc
  const auto error = cli::install(binary, c.directory);
  if (error.empty()) return 0;
  std::cerr << error << '\n';
  return 1;
}

int execute(const cli::version_command&) {
  cli::print_version(std::cout);
  return 0;
}

int execute(const cli::completion_command& c) {
  std::cout << cli::completion_script(c.for_shell);
  return 0;
}

int execute(const cli::nothing_to_run& n) {
  std::cout << n.out;
  std::cerr << n.err;
  return n.exit_code;
}

// Commands that talk to the agent or to its upstreams.
template <class Talking>
int execute(const Talking& c) {
  const auto loaded = config::load(cli::sources_of(c.config, own_environment()), config::read_from_disk);
  for (const auto& e : loaded.errors) std::cerr << e << '\n';
  return loaded.ok() ? run_command(c, loaded, own_environment()) : usage_error;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 0 && std::filesystem::path(argv[0]).filename() == "java") {
    const auto load = [] { return settings_of({}); };
    return init::java_mode({argv, argv + argc}, agent_command_line({}), load);
  }
  const auto command = cli::parse({argv + std::min(argc, 1), argv + argc});
  return std::visit([](const auto& c) { return execute(c); }, command);
}
