#pragma once
// The page of /metrics, exposition 0.0.4. The names are an interface.
#include <string>

#include "agent/probes/snapshot.hpp"

namespace ebb::probes {

// Facts of the process that every client library gives; read by os/.
struct process_facts {
  double cpu_seconds = 0, start_time_seconds = 0;
  double resident_bytes = 0, virtual_bytes = 0;
  double open_fds = 0, max_fds = 0;
};

std::string metrics_page(const sources& s, const process_facts& process);

}  // namespace ebb::probes
