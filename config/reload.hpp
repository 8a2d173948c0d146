#pragma once
// What a second reading of the configuration means for a process that runs. Pure: the caller reads, logs and hands the
// settings to whom they concern.
#include <string>
#include <vector>

#include "config/loader.hpp"

namespace ebb::config {

struct reload {
  settings next;                        // what counts now: with errors the old settings, untouched
  std::vector<std::string> sections;    // sections in which something counts differently now
  std::vector<std::string> at_restart;  // keys that changed but count only from the next start of the container on
  std::string sentence;                 // for the log, one line, no secrets
  bool broken = false;
};

reload compare(const settings& old, const loaded& again);

}  // namespace ebb::config
