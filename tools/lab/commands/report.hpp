#pragma once
// ebb-lab report: see --help.
#include <string>
#include <vector>

#include "tools/lab/commands/options.hpp"

namespace ebb::lab {

struct report_command {
  std::vector<std::string> stories, facts;
  std::string out;

  void declare(CLI::App& app);
  int run();
};

}  // namespace ebb::lab
