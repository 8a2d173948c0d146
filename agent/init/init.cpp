#include "agent/init/init.hpp"

#include <malloc.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>

#include "agent/init/environment.hpp"
#include "agent/init/java_mode.hpp"
#include "agent/init/java_opts.hpp"
#include "agent/init/loop.hpp"
#include "agent/init/policy.hpp"
#include "agent/init/spawn.hpp"

namespace ebb::init {
namespace {

const char* own_binary() { return reinterpret_cast<const char*>(getauxval(AT_EXECFN)); }

}  // namespace

void hold_signals() {
  // All of them: a fault of our own ends us in spite of the mask, and one that somebody sends is no reason to leave the
  // executor alone.
  sigset_t held;
  sigfillset(&held);
  sigprocmask(SIG_BLOCK, &held, nullptr);
  signal(SIGCHLD, SIG_DFL);  // inherited as ignored it would take every exit status away
}

int run(const config::settings& settings, const std::vector<std::string>& command,
        const std::vector<std::string>& agent, int last_good) {
  hold_signals();
  if (getpid() != 1) prctl(PR_SET_CHILD_SUBREAPER, 1);

  const auto inherited = copy_environment(environ);
  auto executors = for_executor(inherited);
  drop_own_java(executors, own_binary());
  add_java_opts(executors, missing_java_opts(wishes_of(settings), choices_of(command, inherited)));
  program executor(command.front(), command, std::move(executors));
  program agent_program(own_binary(), agent, inherited);

  auto started = spawn_executor(executor);
  if (started.error != 0) {
    std::fprintf(stderr, "ebb: cannot execute \"%s\": %s\n", executor.path(), std::strerror(started.error));
    return exit_code_of_exec_error(started.error);
  }
  wipe_secrets(environ);
  malloc_trim(0);
  return loop(policy_of(settings), started.pid, agent_program, last_good).run();
}

}  // namespace ebb::init
