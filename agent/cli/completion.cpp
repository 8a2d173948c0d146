#include "agent/cli/completion.hpp"

#include <vector>

#include "agent/cli/commands.hpp"
#include "config/schema.hpp"

namespace ebb::cli {
namespace {

std::vector<flag> flags_of(const command_entry& c) {
  std::vector<flag> out(c.flags.begin(), c.flags.end());
  if (c.reads_configuration) out.insert(out.end(), configuration_flags().begin(), configuration_flags().end());
  out.push_back({.name = "--help", .short_name = "-h", .meaning = "Show help"});
  return out;
}

std::string words(std::span<const std::string_view> all) {
  std::string out;
  for (auto word : all) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

// The keys, ready for a value.
std::string settings_words(std::string_view between) {
  std::string out;
  for (const auto& k : config::keys())
    if (!is_secret(k)) out.append(out.empty() ? "" : between).append(k.name).append("=");
  return out;
}

// In single quotes. Our own texts only; a quote in them would need more.
std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

template <class Print>
std::string for_visible(Print print) {
  std::string out;
  for (const auto& c : commands())
    if (!c.hidden) out += print(c);
  return out;
}

// Lines of the case that looks at the word before the one to complete.
std::string bash_operands(const command_entry& c) {
  std::string out;
  for (const auto& f : flags_of(c)) {
    if (f.takes == operand::none) continue;
    auto pattern = std::string(c.name) + ":" + std::string(f.name);
    if (!f.short_name.empty()) pattern += "|" + std::string(c.name) + ":" + std::string(f.short_name);
    std::string action;
    if (f.takes == operand::choice)
      action = "COMPREPLY=($(compgen -W " + in_quotes(words(f.choices)) + " -- \"$word\"))";
    if (f.takes == operand::file) action = "COMPREPLY=($(compgen -f -- \"$word\"))";
    if (f.takes == operand::setting)
      action = "COMPREPLY=($(compgen -W \"$settings\" -- \"$word\")); compopt -o nospace 2>/dev/null";
    out += "    " + pattern + ") " + action + (action.empty() ? "" : "; ") + "return ;;\n";
  }
  return out;
}

std::string bash_words(const command_entry& c) {
  std::string all;
  for (const auto& f : flags_of(c)) all += std::string(f.name) + " ";
  all += words(c.choices);
  if (c.runs_command) all += "--";
  auto out = "    " + std::string(c.name) + ") COMPREPLY=($(compgen -W " + in_quotes(all) + " -- \"$word\"))";
  if (c.takes == operand::directory) out += "; COMPREPLY+=($(compgen -d -- \"$word\"))";
  return out + " ;;\n";
}

std::string bash() {
  auto name = [](const command_entry& c) { return std::string(c.name) + " "; };
  return "# Completion of ebb for bash: source <(ebb completion bash)\n"
         "_ebb() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} name=${COMP_WORDS[1]} i\n"
         "  local settings=" +
         in_quotes(settings_words(" ")) +
         "\n"
         "  COMPREPLY=()\n"
         "  for ((i = 2; i < COMP_CWORD; i++)); do\n"
         "    if [[ ${COMP_WORDS[i]} == -- ]]; then COMPREPLY=($(compgen -cf -- \"$word\")); return; fi\n"
         "  done\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    COMPREPLY=($(compgen -W " +
         in_quotes(for_visible(name) + "--help --version") +
         " -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  case $name:$before in\n" +
         for_visible(bash_operands) +
         "  esac\n"
         "  case $name in\n" +
         for_visible(bash_words) +
         "  esac\n"
         "}\n"
         "complete -F _ebb ebb\n";
}

// In a specification of _arguments brackets and colons have a meaning.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (char c : text) out.append(c == '[' || c == ']' || c == ':' ? "\\" : "").append(1, c);
  return out;
}

std::string zsh_action(operand takes, std::string_view name, std::span<const std::string_view> choices) {
  auto out = ":" + std::string(name) + ":";
  if (takes == operand::choice) return out + "(" + words(choices) + ")";
  if (takes == operand::file) return out + "_files";
  if (takes == operand::directory) return out + "_files -/";
  if (takes == operand::setting) return out + "_ebb_settings";
  return out;
}

std::string zsh_case(const command_entry& c) {
  std::string out = "    " + std::string(c.name) + ") _arguments";
  for (const auto& f : flags_of(c)) {
    const auto rest = "[" + zsh_text(f.meaning) + "]" +
                      (f.takes == operand::none ? "" : zsh_action(f.takes, f.takes_name, f.choices));
    const auto repeated = std::string(f.repeated ? "*" : "");
    out += " " + in_quotes(repeated + std::string(f.name) + rest);
    if (!f.short_name.empty()) out += " " + in_quotes(repeated + std::string(f.short_name) + rest);
  }
  if (c.takes != operand::none) out += " " + in_quotes("1" + zsh_action(c.takes, c.takes_name, c.choices));
  if (c.runs_command) out += " " + in_quotes("*::command: _normal");
  return out + " ;;\n";
}

std::string zsh() {
  auto described = [](const command_entry& c) {
    return "    " + in_quotes(std::string(c.name) + ":" + zsh_text(c.meaning)) + "\n";
  };
  return "#compdef ebb\n"
         "# Completion of ebb for zsh: source <(ebb completion zsh)\n"
         "_ebb_settings() { compadd -S '' -- " +
         settings_words(" ") +
         " }\n"
         "_ebb() {\n"
         "  local -a commands=(\n" +
         for_visible(described) +
         "  )\n"
         "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
         "  local name=$words[2]\n"
         "  shift words\n"
         "  (( CURRENT-- ))\n"
         "  case $name in\n" +
         for_visible(zsh_case) +
         "  esac\n"
         "}\n"
         "compdef _ebb ebb\n";
}

std::string fish_operand(operand takes, std::span<const std::string_view> choices) {
  if (takes == operand::choice) return " -x -a " + in_quotes(words(choices));
  if (takes == operand::file) return " -r -F";
  if (takes == operand::setting) return " -x -a " + in_quotes(settings_words(" "));
  return takes == operand::none ? "" : " -x";
}

std::string fish_lines(const command_entry& c) {
  const auto seen = "complete -c ebb -n '__fish_seen_subcommand_from " + std::string(c.name) + "'";
  auto out =
      "complete -c ebb -n __fish_use_subcommand -a " + std::string(c.name) + " -d " + in_quotes(c.meaning) + "\n";
  for (const auto& f : flags_of(c)) {
    out += seen + " -l " + std::string(f.name.substr(2));
    if (!f.short_name.empty()) out += " -s " + std::string(f.short_name.substr(1));
    out += fish_operand(f.takes, f.choices) + " -d " + in_quotes(f.meaning) + "\n";
  }
  if (c.takes == operand::choice) out += seen + " -a " + in_quotes(words(c.choices)) + "\n";
  if (c.takes == operand::directory) out += seen + " -a '(__fish_complete_directories)'\n";
  if (c.runs_command) out += seen + " -a '(__fish_complete_subcommand --commandline)'\n";
  return out;
}

std::string fish() {
  return "# Completion of ebb for fish: ebb completion fish | source\ncomplete -c ebb -f\n" + for_visible(fish_lines);
}

}  // namespace

std::string completion_script(shell for_shell) {
  switch (for_shell) {
    case shell::bash: return bash();
    case shell::zsh: return zsh();
    case shell::fish: break;
  }
  return fish();
}

}  // namespace ebb::cli
