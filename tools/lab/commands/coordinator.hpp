#pragma once
// ebb-lab coordinator: see --help.
#include "tools/lab/commands/options.hpp"
#include "tools/lab/site.hpp"

namespace ebb::lab {

struct coordinator_command {
  site::options o;
  load::options queries;
  span latency;
  bool no_list = false, no_privilege = false, no_flags = false;
  account user{"admin", "secret1!", "", rights::admin, false}, service{"", "", "", rights::admin, true};

  void declare(CLI::App& app);
  int run();
};

}  // namespace ebb::lab
