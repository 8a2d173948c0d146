#pragma once
// ebb-lab demo: see --help.
#include "tools/lab/commands/options.hpp"
#include "tools/lab/demo/demo.hpp"

namespace ebb::lab {

struct demo_command {
  demo_settings s;
  std::string out = "build/demo", only;
  bool strict = false, brief = false;

  void declare(CLI::App& app);
  int run();
};

}  // namespace ebb::lab
