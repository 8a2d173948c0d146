#pragma once
// Without an agent: the agent's own duties (keeper, watch, life cycle), run for as long as a command lives. By the same
// rules, and without anybody who could signal the executor.
#include <functional>
#include <string>
#include <string_view>

#include "agent/cli/context.hpp"
#include "agent/cli/held_drain.hpp"
#include "agent/rt/task.hpp"

namespace ebb::cli {

struct outcome {
  int code = 1;          // done, failed, not_yet
  std::string sentence;  // for people
  bool no_list = false;  // an edition without a deny list, or no right to it
};

// A hook's drain ends where the grace less the reserve for the executor's own stop does; a person's at its limit.
// Without wish.wait only the entry is made, verified. The entry stays whatever the outcome.
rt::task<outcome> drain_from_here(context& c, drain_wish wish, std::function<void(std::string_view)> progress);

// Takes the entry off; done when a second look, a second or more later, still finds it gone.
rt::task<outcome> undrain_from_here(context& c, rt::duration patience);

}  // namespace ebb::cli
