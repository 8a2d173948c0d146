#pragma once
// Facts of this process, from /proc.
#include <string>

namespace ebb::os {

struct process_facts {
  double cpu_seconds = 0, start_time_seconds = 0;
  double resident_bytes = 0, virtual_bytes = 0;
  double open_fds = 0, max_fds = 0;
};

// What cannot be read stays 0.
process_facts read_process_facts();

}  // namespace ebb::os
