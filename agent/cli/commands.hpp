#pragma once
// Every command with its flags, once: parsing, help and the completion scripts go by this table.
#include <span>
#include <string_view>

namespace ebb::cli {

// What stands behind a flag or a command, for parsing and for completion.
enum class operand { none, text, duration, file, directory, setting, choice };

struct flag {
  std::string_view name;        // "--deadline"
  std::string_view short_name;  // "-w", or nothing
  std::string_view meaning;
  operand takes = operand::none;
  std::string_view takes_name = {};  // "DURATION", for help and messages
  std::span<const std::string_view> choices = {};
  bool repeated = false;  // may be given more than once, all count; else the last one counts
  bool required = false;
};

struct command_entry {
  std::string_view name;
  std::string_view meaning;     // one line of `ebb --help`
  std::string_view exit_codes;  // the end of `ebb NAME --help`
  std::span<const flag> flags = {};
  operand takes = operand::none;  // one operand, required
  std::string_view takes_name = {};
  std::span<const std::string_view> choices = {};
  bool reads_configuration = false;  // takes --config and --set too
  bool runs_command = false;         // takes -- CMD [ARG…]
  bool hidden = false;               // for Ebb itself
};

std::span<const command_entry> commands();
std::span<const flag> configuration_flags();  // --config and --set

const command_entry* find_command(std::string_view name);

}  // namespace ebb::cli
