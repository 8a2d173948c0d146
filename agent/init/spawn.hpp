#pragma once
// Starts the two processes that init has. Both calls return when the program runs or is known not to.
#include <sys/types.h>

#include <string>
#include <vector>

#include "agent/init/environment.hpp"

namespace ebb::init {

// What to execute, laid out before the loop begins so that a restart allocates nothing.
class program {
 public:
  // A path without a slash is looked up in PATH. argv has at least one entry.
  program(std::string path, std::vector<std::string> argv, environment env);
  program(const program&) = delete;

  const char* path() const { return path_.c_str(); }
  char** argv() { return argv_pointers_.data(); }
  char** env() { return env_pointers_.data(); }

 private:
  std::string path_;
  std::vector<std::string> argv_;
  environment env_;
  std::vector<char*> argv_pointers_, env_pointers_;
};

struct spawned {
  pid_t pid = -1;
  int error = 0;  // errno of what failed; pid is -1 then
};

// In a process group of its own, which stays in the background of a terminal, so that Ctrl-C reaches init alone.
// /dev/null as stdin, default dispositions and an empty mask: a JVM keeps a SIGTERM that it inherits as ignored.
spawned spawn_executor(program& p);

// With `pair` as descriptor 3, `last_good` (-1: none) as 4 and no other but stdout and stderr, a group of its own, an
// address-space limit, and SIGKILL when init dies. SIGTERM, SIGINT and SIGHUP are ignored from its first instruction
// on: it hears of them by the pair.
spawned spawn_agent(program& p, int pair, int last_good);

// As every init has it: 127 when the program is not there, 126 when it cannot be executed.
int exit_code_of_exec_error(int error);

}  // namespace ebb::init
