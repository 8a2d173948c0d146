#include "agent/real_commands.hpp"

#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "agent/cli/exit_codes.hpp"
#include "agent/cli/talk.hpp"
#include "agent/cli/version.hpp"
#include "agent/os/machine.hpp"
#include "agent/os/processes.hpp"

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
                       .out = std::cout,
                       .err = std::cerr,
                       .terminal = terminal,
                       .colour = colour};
  context.look_for_resident = [&context] {
    return cli::find_resident(os::processes_like_ours(), context.settings(), context.env, config::read_from_disk);
  };
  const auto code = machine.run(cli::talk(context, std::move(asked)));
  return code ? *code : cli::after_interrupt(context);
} catch (const std::exception& e) {
  std::cerr << "ebb: " << e.what() << '\n';
  return cli::failed;
}

}  // namespace ebb
