#include "agent/real_commands.hpp"

#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "agent/cli/exit_codes.hpp"
#include "agent/cli/talk.hpp"
#include "agent/cli/version.hpp"
#include "agent/os/machine.hpp"

namespace ebb {

int run_command(cli::command asked, config::loaded loaded, config::environment env) noexcept try {
  std::signal(SIGPIPE, SIG_IGN);  // `ebb status --watch | head` ends by the stream's state
  os::machine machine;
  const bool terminal = isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  const bool colour = terminal && config::value_of(env, "NO_COLOR").empty() && config::value_of(env, "TERM") != "dumb";
  cli::context context{.clock = machine.clock,
                       .network = machine.network,
                       .files = machine.files,
                       .random = machine.random,
                       .names = machine.names,
                       .loaded = std::move(loaded),
                       .env = std::move(env),
                       .version = std::string(cli::version()),
                       .commit = std::string(cli::commit()),
                       .under_run = os::is_program_of_init(),
                       .out = std::cout,
                       .err = std::cerr,
                       .terminal = terminal,
                       .colour = colour};
  const auto code = machine.run(cli::talk(context, std::move(asked)));
  return code ? *code : cli::after_interrupt(context);
} catch (const std::exception& e) {
  std::cerr << "ebb: " << e.what() << '\n';
  return cli::failed;
}

}  // namespace ebb
