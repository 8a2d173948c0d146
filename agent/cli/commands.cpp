#include "agent/cli/commands.hpp"

#include <algorithm>
#include <array>

namespace ebb::cli {
namespace {

using std::string_view;

constexpr std::array<string_view, 2> hook_actions{"add", "remove"};
constexpr std::array<string_view, 3> shells{"bash", "zsh", "fish"};

constexpr std::array configuration{
    flag{.name = "--config",
         .short_name = "",
         .meaning = "Configuration file; else EBB_CONFIG, else /etc/ebb/ebb.toml",
         .takes = operand::file,
         .takes_name = "FILE"},
    flag{.name = "--set",
         .short_name = "",
         .meaning = "Set a key, stronger than file and environment; may be repeated",
         .takes = operand::setting,
         .takes_name = "KEY=VALUE",
         .repeated = true},
};

constexpr std::array drain_flags{
    flag{.name = "--wait",
         .short_name = "",
         .meaning = "Return when the node is drained; Ctrl-C leaves the drain running"},
    flag{.name = "--deadline",
         .short_name = "",
         .meaning = "End the wait after this time, such as 10m; the drain goes on",
         .takes = operand::duration,
         .takes_name = "DURATION"},
    flag{.name = "--reason",
         .short_name = "",
         .meaning = "Why, for the log and the status",
         .takes = operand::text,
         .takes_name = "TEXT"},
    flag{.name = "--force", .short_name = "", .meaning = "Also when it is the last node of its engine"},
};

constexpr std::array hook_flags{
    flag{.name = "--action",
         .short_name = "-a",
         .meaning = "add: return when the node may be stopped; remove: when it is off the list",
         .takes = operand::choice,
         .takes_name = "ACTION",
         .choices = hook_actions,
         .required = true},
};

constexpr flag json{.name = "--json", .short_name = "", .meaning = "For programs"};

constexpr std::array status_flags{
    json,
    flag{.name = "--watch", .short_name = "-w", .meaning = "Follow it, with a progress bar"},
};

constexpr std::array check_flags{json};

constexpr std::array config_flags{
    flag{.name = "--origin", .short_name = "", .meaning = "Each value with where it came from"},
    flag{.name = "--defaults",
         .short_name = "",
         .meaning = "Every key with its default and what it means, as a file to start from"},
};

constexpr std::array all{
    command_entry{
        .name = "run",
        .meaning = "Run an executor: init, agent and the command behind --",
        .exit_codes =
            "the command's own; 128+n after signal n; 0 when Ebb stopped it and the code is in executor.success_codes; "
            "126 not executable, 127 not found; 2 configuration.",
        .reads_configuration = true,
        .runs_command = true},
    command_entry{.name = "sidecar",
                  .meaning = "Run the agent alone, as a native sidecar beside the container of an executor",
                  .exit_codes = "0 orderly end, 1 failure, 2 configuration.",
                  .reads_configuration = true},
    command_entry{
        .name = "drain",
        .meaning = "Put this node on the deny list and let its work end",
        .exit_codes =
            "0 drained (or begun, without --wait), 3 deadline passed with work left, 4 cancelled, 1 other failure.",
        .flags = drain_flags,
        .reads_configuration = true},
    command_entry{.name = "undrain",
                  .meaning = "Cancel a drain and take the node off the deny list",
                  .exit_codes = "0 cancelled, 5 irrevocable or somebody else's entry, 1 other failure.",
                  .reads_configuration = true},
    command_entry{.name = "stop",
                  .meaning = "Stop the executor now, in the ordinary way",
                  .exit_codes = "0 stopping, 1 failure.",
                  .reads_configuration = true},
    command_entry{.name = "hook",
                  .meaning = "The old shell hook, with the old variables",
                  .exit_codes = "0 done, 1 failure.",
                  .flags = hook_flags,
                  .reads_configuration = true},
    command_entry{.name = "status",
                  .meaning = "Show what the agent does, on one screen",
                  .exit_codes = "0 serving or paused, 3 any other state, 1 unreachable or stopped.",
                  .flags = status_flags,
                  .reads_configuration = true},
    command_entry{.name = "check",
                  .meaning = "Try everything that the agent will need",
                  .exit_codes = "0 all ok, 1 a failure, 3 warnings only.",
                  .flags = check_flags,
                  .reads_configuration = true},
    command_entry{.name = "config",
                  .meaning = "Print the effective configuration as TOML, secrets as ***",
                  .exit_codes = "0 printed, 2 configuration.",
                  .flags = config_flags,
                  .reads_configuration = true},
    command_entry{.name = "install",
                  .meaning = "Copy this binary to DIR/ebb and DIR/java",
                  .exit_codes = "0 copied, 1 failure.",
                  .takes = operand::directory,
                  .takes_name = "DIR"},
    command_entry{.name = "version", .meaning = "Print version, commit, compiler and libraries", .exit_codes = "0."},
    command_entry{.name = "completion",
                  .meaning = "Print a completion script for a shell",
                  .exit_codes = "0 printed.",
                  .takes = operand::choice,
                  .takes_name = "SHELL",
                  .choices = shells},
    command_entry{.name = "agent",
                  .meaning = "The process that init starts and talks to",
                  .exit_codes = "of no meaning.",
                  .reads_configuration = true,
                  .hidden = true},
};

}  // namespace

std::span<const command_entry> commands() { return all; }
std::span<const flag> configuration_flags() { return configuration; }

const command_entry* find_command(std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const command_entry& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ebb::cli
