#pragma once
// The JSON of /status: shape in docs/architecture.md and the public interface. Unknown numbers are null, never 0.
#include <string>
#include <string_view>

#include "agent/probes/snapshot.hpp"

namespace ebb::probes {

// `error`: why a request was refused, if it was.
std::string status_json(const sources& s, std::string_view error = {});

}  // namespace ebb::probes
