#include "agent/cli/help.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace ebb::cli {
namespace {

struct row {
  std::string left, right;
};

// Two columns, the right one beginning at the same place in all rows.
std::string table(const std::vector<row>& rows) {
  std::size_t width = 0;
  for (const auto& r : rows) width = std::max(width, r.left.size());
  std::string out;
  for (const auto& r : rows) out += "  " + r.left + std::string(width - r.left.size() + 3, ' ') + r.right + "\n";
  return out;
}

std::string alternatives(std::span<const std::string_view> choices, std::string_view name) {
  std::string out;
  for (auto choice : choices) out.append(out.empty() ? "" : "|").append(choice);
  return out.empty() ? std::string(name) : out;
}

row row_of(const flag& f) {
  std::string left = f.short_name.empty() ? "    " : std::string(f.short_name) + ", ";
  left += f.name;
  if (f.takes != operand::none) left += " " + alternatives(f.choices, f.takes_name);
  return {std::move(left), std::string(f.meaning)};
}

std::string usage(const command_entry& c) {
  std::string out = "Usage: ebb " + std::string(c.name);
  for (const auto& f : c.flags)
    if (f.required) out += " " + std::string(f.short_name) + " " + alternatives(f.choices, f.takes_name);
  out += " [OPTION]...";
  if (c.takes != operand::none) out += " " + alternatives(c.choices, c.takes_name);
  if (c.runs_command) out += " -- CMD [ARG]...";
  return out + "\n";
}

}  // namespace

std::string help() {
  std::vector<row> rows;
  for (const auto& c : commands())
    if (!c.hidden) rows.push_back({std::string(c.name), std::string(c.meaning)});
  return "Ebb stands next to a Dremio executor and drains it without killing queries.\n\nUsage: ebb COMMAND "
         "[OPTION]...\n\nCommands:\n" +
         table(rows) + "\nOptions:\n" + table({{"-h, --help", "Show this help"}, {"    --version", "As ebb version"}}) +
         "\nebb COMMAND --help tells more about a command.\n";
}

std::string help_of(const command_entry& c) {
  std::vector<row> rows;
  for (const auto& f : c.flags) rows.push_back(row_of(f));
  if (c.reads_configuration)
    for (const auto& f : configuration_flags()) rows.push_back(row_of(f));
  rows.push_back({"-h, --help", "Show this help"});
  return std::string(c.meaning) + ".\n\n" + usage(c) + "\nOptions:\n" + table(rows) +
         "\nExit codes: " + std::string(c.exit_codes) + "\n";
}

}  // namespace ebb::cli
