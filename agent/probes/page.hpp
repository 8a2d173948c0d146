#pragma once
// The plain page at /: /status for people. It refreshes itself and needs no script.
#include <string>

#include "agent/probes/snapshot.hpp"

namespace ebb::probes {

std::string html_page(const sources& s);

}  // namespace ebb::probes
