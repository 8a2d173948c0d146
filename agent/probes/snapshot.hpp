#pragma once
// Everything that /status, /metrics and the page show, and where it comes from.
#include <array>
#include <functional>
#include <string>

#include "agent/core/request_stats.hpp"
#include "agent/drain/node.hpp"
#include "agent/keeper/keeper.hpp"

namespace ebb::probes {

struct upstream_view {
  std::string_view name;  // dremio, prometheus, kubernetes, executor
  std::function<core::request_stats()> stats;
};

// References to what lives as long as the agent does.
struct sources {
  const drain::node& node;
  const keeper::keeper& keeper;
  std::vector<upstream_view> upstreams;
  std::string version, commit;
  std::function<std::uint64_t()> log_lines_dropped;
  std::function<std::uint64_t()> events_dropped;
};

}  // namespace ebb::probes
