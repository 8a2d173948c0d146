#pragma once
// JAVA mode: the binary under the name `java`, put before bin/dremio by the variable JAVA. bin/dremio calls it several
// times (versions, roles) and at the end executes it in its own place, as PID 1. An executor's daemon is run as by `ebb
// run`, everything else becomes the real java.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/init/environment.hpp"
#include "config/settings.hpp"

namespace ebb::init {

// What a java command line asks for. Options of the launcher end at the main class, at -jar FILE or at -m MODULE.
struct java_call {
  std::size_t main_at = 0;  // index of the main class in the arguments; their number when there is none
  bool executor = false;    // an executor's DremioDaemon
};

// `args` are those behind the program's name. The main class is DremioDaemon, whatever its package, and the last
// -Dservices.executor.enabled is not false and the last -Dservices.coordinator.enabled not true. `role` (EBB_JAVA_ROLE)
// decides where the properties do not speak for an executor, or do not speak at all: "executor" or anything else.
java_call classify(const std::vector<std::string>& args, std::optional<std::string_view> role);

struct real_java {
  std::string path;
  std::string error;    // without a path: names the place, the value and the mend
  int exit_code = 127;  // then
};

// The real java: EBB_JAVA, which has to be one; else JAVA_HOME/bin/java, else the first in PATH that is not `own` (the
// same file, whatever its name).
real_java find_real_java(const environment& env, const std::string& own);

// A JAVA that is this binary is of no use below `ebb run`: a second init would stand between it and the executor.
void drop_own_java(environment& env, const std::string& own);

// Runs the command line, or becomes the real java and does not return. `load` gives the settings, or nothing after it
// has said on stderr what is wrong (exit code 2). `last_good`: as for run().
int java_mode(const std::vector<std::string>& argv, const std::vector<std::string>& agent,
              const std::function<std::optional<config::settings>()>& load, int last_good);

}  // namespace ebb::init
