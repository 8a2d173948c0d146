// The command line, one argument a line: a usage error is one line with exit code 2, help has no error.
#include "agent/cli/options.hpp"
#include "tests/fuzz/property.hpp"

using ebb::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> arguments;
  for (auto text = ebb::fuzz::text(data, size); !text.empty();) {
    arguments.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(arguments.back().size() + 1, text.size()));
  }
  const auto got = ebb::cli::parse(arguments);
  const auto* nothing = std::get_if<ebb::cli::nothing_to_run>(&got);
  if (!nothing) return 0;
  if (nothing->exit_code == 0) {
    require(!nothing->out.empty() && nothing->err.empty(), "help is on stdout alone");
    return 0;
  }
  require(nothing->exit_code == 2 && nothing->out.empty(), "a usage error is 2 and not on stdout");
  require(nothing->err.ends_with('\n'), "an error ends its line");
  require(ebb::fuzz::is_one_line({nothing->err.data(), nothing->err.size() - 1}), "an error is one line");
  return 0;
}
