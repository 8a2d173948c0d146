#pragma once
// ebb-lab executor: see --help.
#include "tools/lab/commands/options.hpp"
#include "tools/lab/executor_program.hpp"

namespace ebb::lab {

struct executor_command {
  executor_settings s;
  std::string coordinator = "127.0.0.1:9048", dremio = "25.2";

  void take_java_options(
      const std::vector<std::string>& environment);  // as a wrapper tells it to a JVM; flags are stronger
  void declare(CLI::App& app);
  int run();
};

}  // namespace ebb::lab
