#include "agent/cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "agent/cli/commands.hpp"
#include "agent/cli/help.hpp"
#include "config/duration.hpp"
#include "config/known_names.hpp"
#include "config/suggest.hpp"
#include "config/syntax.hpp"

namespace ebb::cli {
namespace {

constexpr int usage_error = 2;

// What CLI11 collected for one command: all values as texts, by the name of the flag.
struct collected {
  const CLI::App& from;
  bool has(std::string_view name) const { return from.get_option(std::string(name))->count() > 0; }
  std::vector<std::string> all(std::string_view name) const { return from.get_option(std::string(name))->results(); }
  std::string last(std::string_view name) const { return has(name) ? all(name).back() : std::string(); }
};

// A usage error, thrown inside this file only.
struct refused {
  std::string line;
};

[[noreturn]] void refuse(std::string_view command, const std::string& what) {
  throw refused{"ebb" + (command.empty() ? "" : " " + std::string(command)) + ": " + what};
}

void add_flag(CLI::App& app, const flag& described) {
  auto names = std::string(described.name);
  if (!described.short_name.empty()) names = std::string(described.short_name) + "," + names;
  if (described.takes == operand::none) {
    app.add_flag(names)->disable_flag_override();
    return;
  }
  auto* option = app.add_option(names)->allow_extra_args(false);
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->required(described.required);
}

void add_command(CLI::App& app, const command_entry& described) {
  auto* sub = app.add_subcommand(std::string(described.name));
  sub->allow_extras();
  for (const auto& f : described.flags) add_flag(*sub, f);
  if (described.reads_configuration)
    for (const auto& f : configuration_flags()) add_flag(*sub, f);
  if (described.takes != operand::none) sub->add_option(std::string(described.takes_name))->required();
}

void build(CLI::App& app) {
  app.name("ebb");
  app.set_help_flag("-h,--help");
  app.add_flag("--version");
  app.allow_extras()->require_subcommand(0, 1);
  for (const auto& c : commands()) add_command(app, c);
}

std::vector<std::string> names_of_flags(const command_entry& of) {
  std::vector<std::string> out{"--help"};
  for (const auto& f : of.flags) out.emplace_back(f.name);
  if (of.reads_configuration)
    for (const auto& f : configuration_flags()) out.emplace_back(f.name);
  return out;
}

std::string choices_of(std::span<const std::string_view> choices) {
  std::string out;
  for (auto name : choices) out.append(out.empty() ? "" : " or ").append(name);
  return out;
}

// The index of the choice.
std::size_t choice(std::string_view command, std::string_view place, const std::string& said,
                   std::span<const std::string_view> choices) {
  const auto found = std::find(choices.begin(), choices.end(), said);
  if (found == choices.end())
    refuse(command, std::string(place) + " " + config::shown(said) + " is not known; write " + choices_of(choices));
  return static_cast<std::size_t>(found - choices.begin());
}

configuration configuration_of(const collected& said) { return {said.last("--config"), said.all("--set")}; }

command run_of(const collected& said, std::vector<std::string> tail) {
  if (tail.empty()) refuse("run", "no command to run; write it behind --: ebb run -- CMD [ARG...]");
  return run_command{configuration_of(said), std::move(tail)};
}

command drain_of(const collected& said) {
  drain_command out{configuration_of(said), said.has("--wait"), std::nullopt, said.last("--reason"),
                    said.has("--force")};
  if (!said.has("--deadline")) return out;
  const auto text = said.last("--deadline");
  const auto [deadline, fault] = config::parse_duration(text);
  if (fault != config::duration_fault::none)
    refuse("drain", "--deadline " + config::shown(text) + " " + std::string(describe(fault)) +
                        "; write a number with its unit, such as 10m");
  if (!out.wait)
    refuse("drain", "--deadline " + config::shown(text) + " ends the wait, and there is none; write --wait too");
  out.deadline = deadline;
  return out;
}

command command_of(const command_entry& entry, const CLI::App& parsed, std::vector<std::string> tail) {
  const collected said{parsed};
  const auto name = entry.name;
  if (name == "run") return run_of(said, std::move(tail));
  if (name == "agent") return agent_command{configuration_of(said)};
  if (name == "sidecar") return sidecar_command{configuration_of(said)};
  if (name == "drain") return drain_of(said);
  if (name == "undrain") return undrain_command{configuration_of(said)};
  if (name == "stop") return stop_command{configuration_of(said)};
  if (name == "hook") {
    const auto& action = entry.flags.front();
    const auto chosen = choice(name, action.short_name, said.last(action.name), action.choices);
    return hook_command{configuration_of(said), static_cast<hook_action>(chosen)};
  }
  if (name == "status") return status_command{configuration_of(said), said.has("--json"), said.has("--watch")};
  if (name == "check") return check_command{configuration_of(said), said.has("--json")};
  if (name == "config") return config_command{configuration_of(said), said.has("--origin"), said.has("--defaults")};
  if (name == "install") return install_command{said.last(entry.takes_name)};
  if (name == "completion") {
    const auto chosen = choice(name, entry.takes_name, said.last(entry.takes_name), entry.choices);
    return completion_command{static_cast<shell>(chosen)};
  }
  return version_command{};
}

[[noreturn]] void refuse_extra(const command_entry* entry, const std::string& extra) {
  if (!entry) {
    std::vector<std::string> names;
    for (const auto& c : commands())
      if (!c.hidden) names.emplace_back(c.name);
    const auto what = extra.starts_with('-') ? " is not an option" : " is not a command";
    refuse("", config::shown(extra) + what + config::suggestion(extra, names) + "; see ebb --help");
  }
  const auto see = "; see ebb " + std::string(entry->name) + " --help";
  if (extra.starts_with('-')) {
    const auto name = extra.substr(0, extra.find('='));
    refuse(entry->name,
           config::shown(name) + " is not an option" + config::suggestion(name, names_of_flags(*entry)) + see);
  }
  if (entry->runs_command)
    refuse(entry->name, config::shown(extra) + " stands before --; write ebb run -- " + config::plain(extra));
  refuse(entry->name, config::shown(extra) + " is one argument too many" + see);
}

// CLI11 says "--deadline: 1 required DURATION missing" or "DIR is required".
[[noreturn]] void refuse_incomplete(const command_entry* entry, const CLI::ParseError& error) {
  const std::string what = error.what();
  const auto command = entry ? entry->name : std::string_view();
  auto flags = entry ? std::vector<flag>(entry->flags.begin(), entry->flags.end()) : std::vector<flag>();
  flags.insert(flags.end(), configuration_flags().begin(), configuration_flags().end());
  for (const auto& f : flags)
    if (f.takes != operand::none && what.starts_with(f.name))
      refuse(command, std::string(f.name) + " needs a value; write " +
                          std::string(f.short_name.empty() ? f.name : f.short_name) + " " +
                          (f.choices.empty() ? std::string(f.takes_name) : choices_of(f.choices)));
  if (entry && entry->takes != operand::none)
    refuse(command, std::string(entry->takes_name) + " is missing; write ebb " + std::string(command) + " " +
                        (entry->choices.empty() ? std::string(entry->takes_name) : choices_of(entry->choices)));
  refuse(command, config::plain(what.substr(0, what.find('\n'))));
}

const command_entry* chosen_entry(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? nullptr : find_command(chosen.front()->get_name());
}

command parse_all(CLI::App& app, std::vector<std::string> head, std::vector<std::string> tail, bool has_tail) {
  std::reverse(head.begin(), head.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(head));
  } catch (const CLI::CallForHelp&) {
    const auto* entry = chosen_entry(app);
    return nothing_to_run{0, entry ? help_of(*entry) : help(), ""};
  } catch (const CLI::ParseError& error) { refuse_incomplete(chosen_entry(app), error); }
  const auto* entry = chosen_entry(app);
  const auto extras = app.remaining(true);
  if (!extras.empty()) refuse_extra(entry, extras.front());
  if (!entry && app.get_option("--version")->count() > 0) return version_command{};
  if (!entry) refuse("", "no command given; see ebb --help");
  if (has_tail && !entry->runs_command)
    refuse(entry->name, "\"--\" is only for ebb run; see ebb " + std::string(entry->name) + " --help");
  return command_of(*entry, *app.get_subcommands().front(), std::move(tail));
}

}  // namespace

command parse(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.resize(std::min<std::size_t>(arguments.size(), 1));
    arguments.emplace_back("--help");
  }
  // What stands behind -- is not ours, whatever it looks like.
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  const bool has_tail = dashes != arguments.end();
  std::vector<std::string> tail(has_tail ? dashes + 1 : dashes, arguments.end());
  arguments.erase(dashes, arguments.end());
  try {
    CLI::App app;
    build(app);
    return parse_all(app, std::move(arguments), std::move(tail), has_tail);
  } catch (const refused& why) { return nothing_to_run{usage_error, "", why.line + "\n"}; }
}

std::vector<std::string> agent_arguments(const configuration& config) {
  std::vector<std::string> out{"agent"};
  if (!config.file.empty()) out.insert(out.end(), {"--config", config.file});
  for (const auto& set : config.sets) out.insert(out.end(), {"--set", set});
  return out;
}

}  // namespace ebb::cli
