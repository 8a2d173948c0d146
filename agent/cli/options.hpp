#pragma once
// The command line: from arguments to one plain value that says what to do. Prints nothing and exits nowhere itself.
#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ebb::cli {

// Where a command takes its configuration from.
struct configuration {
  std::string file;
  std::vector<std::string> sets;
};

struct run_command {
  configuration config;
  std::vector<std::string> command;  // never empty
};
struct agent_command {
  configuration config;
};
struct sidecar_command {
  configuration config;
};
struct drain_command {
  configuration config;
  bool wait = false;
  std::optional<std::chrono::milliseconds> deadline;  // of the wait
  std::string reason;
  bool force = false;
};
struct undrain_command {
  configuration config;
};
struct stop_command {
  configuration config;
};
enum class hook_action { add, remove };
struct hook_command {
  configuration config;
  hook_action action = hook_action::add;
};
struct status_command {
  configuration config;
  bool json = false, watch = false;
};
struct check_command {
  configuration config;
  bool json = false;
};
struct config_command {
  configuration config;
  bool origin = false, defaults = false;
};
struct install_command {
  std::string directory;
};
struct version_command {};
enum class shell { bash, zsh, fish };
struct completion_command {
  shell for_shell = shell::bash;
};

// Nothing to run: help on stdout with 0, or a usage error, one line on stderr, with 2.
struct nothing_to_run {
  int exit_code = 0;
  std::string out, err;
};

using command = std::variant<run_command, agent_command, sidecar_command, drain_command, undrain_command, stop_command,
                             hook_command, status_command, check_command, config_command, install_command,
                             version_command, completion_command, nothing_to_run>;

// `arguments` are those behind the program's name.
command parse(std::vector<std::string> arguments);

// The arguments of the agent that belongs to a run: the same configuration.
std::vector<std::string> agent_arguments(const configuration& config);

}  // namespace ebb::cli
