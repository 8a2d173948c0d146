#pragma once
// Whether an executor runs under Ebb in the place where a command runs. Where one does, the node has an agent, also
// while none answers: it is being replaced, or listens somewhere else than this command believes.
#include <optional>
#include <string>
#include <vector>

#include "agent/rt/processes.hpp"
#include "config/environment.hpp"
#include "config/file.hpp"
#include "config/settings.hpp"

namespace ebb::cli {

struct resident {
  int pid = 0;
  std::string control;  // its listen.control, where that can be known
};

// `ebb run`, or an executor's java that is Ebb. Several containers may be seen from here, and several executors: one
// whose pod (POD_UID, HOSTNAME) or whose executor.admin_url is known to be another's is not ours. PID 1 always is.
std::optional<resident> find_resident(const std::vector<rt::process>& processes, const config::settings& own,
                                      const config::environment& env, const config::read_file& read);

}  // namespace ebb::cli
