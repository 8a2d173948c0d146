#pragma once
// A drain that an agent does and this program waits for: the call is held by the agent until the end. An agent that
// dies meanwhile is replaced by init and goes on; the wait then begins anew.
#include <functional>
#include <optional>
#include <string>

#include "agent/cli/call.hpp"

namespace ebb::cli {

struct drain_wish {
  std::string cause;  // manual, hook
  std::string reason;
  bool force = false;
  bool wait = false;
  std::optional<rt::duration> limit;  // of the wait
};

// "/drain?cause=manual&…"; `left`: of the limit.
std::string drain_target(const drain_wish& wish, std::optional<rt::duration> left);

// The agent's last word, or why there is none. reached::nobody: there is no agent, and no resident who has one.
// `progress` is called with what the agent says, about each second.
rt::task<answer> held_drain(context& c, agent_client& agent, drain_wish wish,
                            std::function<void(const status_view&)> progress);

}  // namespace ebb::cli
