// Ebb: one binary that is the entrypoint, the agent, a java in front of the real one, and the commands for people.
#include <sys/auxv.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "agent/cli/completion.hpp"
#include "agent/cli/configuration.hpp"
#include "agent/cli/exit_codes.hpp"
#include "agent/cli/install.hpp"
#include "agent/cli/version.hpp"
#include "agent/init/environment.hpp"
#include "agent/init/init.hpp"
#include "agent/init/java_mode.hpp"
#include "agent/real_agent.hpp"
#include "agent/real_commands.hpp"
#include "config/last_good.hpp"

namespace {

using namespace ebb;

constexpr int usage_error = 2;

config::environment own_environment() { return config::environment_from(environ); }

// The settings, or nothing after every error has been told. The text is kept for every agent that init starts.
std::optional<config::settings> settings_of(const cli::configuration& chosen, const config::last_good& kept) {
  std::string text;
  const auto read = config::remembering(config::read_from_disk, text);
  auto settings = cli::load_or_explain(cli::sources_of(chosen, own_environment()), read, std::cerr);
  if (settings) kept.keep(text);
  return settings;
}

std::vector<std::string> agent_command_line(const cli::configuration& chosen) {
  auto arguments = cli::agent_arguments(chosen);
  arguments.insert(arguments.begin(), "ebb");
  return arguments;
}

int execute(const cli::run_command& c) {
  init::hold_signals();
  const auto kept = config::last_good::create();
  const auto settings = settings_of(c.config, kept);
  if (!settings) return usage_error;
  return init::run(*settings, c.command, agent_command_line(c.config), kept.descriptor());
}

// The agent, by init or alone: where it has kept nothing, a wrong configuration is an error.
int start_agent(const cli::configuration& chosen, const config::last_good& kept, decltype(&run_agent) run) {
  const auto sources = cli::sources_of(chosen, own_environment());
  init::wipe_secrets(environ);  // what is needed is in `sources`; /proc/PID/environ is open to the executor
  const auto start = config::load_or_last_good(sources, config::read_from_disk, kept);
  for (const auto& error : start.with.errors) std::cerr << "ebb: " << error << '\n';
  if (!start.with.ok()) return usage_error;  // nothing was kept; the next agent tries again
  return run(sources, start, kept);
}

int execute(const cli::agent_command& c) {
  return start_agent(c.config, config::last_good::inherited(config::last_good_descriptor), run_agent);
}

int execute(const cli::sidecar_command& c) { return start_agent(c.config, config::last_good::create(), run_sidecar); }

// What was asked for is what is printed: lost, it is no success.
int printed(int code) {
  if (std::cout.flush()) return code;
  std::cerr << "ebb: standard output cannot be written to: " << std::strerror(errno) << "; is it closed, or full?\n";
  return cli::failed;
}

int execute(const cli::config_command& c) {
  return printed(cli::print_configuration(c, own_environment(), config::read_from_disk, std::cout, std::cerr));
}

int execute(const cli::install_command& c) {
  const auto* binary = reinterpret_cast<const char*>(getauxval(AT_EXECFN));  // an empty image has no /proc
  const auto error = cli::install(binary, c.directory);
  if (error.empty()) return 0;
  std::cerr << "ebb install: " << error << '\n';
  return cli::failed;
}

int execute(const cli::version_command&) {
  cli::print_version(std::cout);
  return printed(cli::done);
}

int execute(const cli::completion_command& c) {
  std::cout << cli::completion_script(c.for_shell);
  return printed(cli::done);
}

int execute(const cli::nothing_to_run& n) {
  std::cout << n.out;
  std::cerr << n.err;
  return printed(n.exit_code);
}

// Others say what they have done by their exit code, and one that follows ends when nobody reads any more.
bool answers_on_stdout(const cli::command& c) {
  const auto* status = std::get_if<cli::status_command>(&c);
  return (status && !status->watch) || std::holds_alternative<cli::check_command>(c);
}

// Commands that talk to the agent or to its upstreams.
template <class Talking>
int execute(const Talking& c) {
  const auto loaded = config::load(cli::sources_of(c.config, own_environment()), config::read_from_disk);
  for (const auto& e : loaded.errors) std::cerr << "ebb: " << e << '\n';
  if (!loaded.ok()) return usage_error;
  const int code = run_command(c, loaded, own_environment());
  return answers_on_stdout(c) ? printed(code) : code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 0 && std::filesystem::path(argv[0]).filename() == "java") {
    const auto kept = config::last_good::create();
    const auto load = [&kept] { return settings_of({}, kept); };
    return init::java_mode({argv, argv + argc}, agent_command_line({}), load, kept.descriptor());
  }
  const auto command = cli::parse({argv + std::min(argc, 1), argv + argc});
  return std::visit([](const auto& c) { return execute(c); }, command);
}
