#pragma once
// The JSON of /status: shape in docs/architecture.md and the public interface. Unknown numbers are null, never 0.
#include <string>

#include "agent/probes/snapshot.hpp"

namespace ebb::probes {

std::string status_json(const sources& s);

}  // namespace ebb::probes
