#pragma once
// The commands that talk to an agent or to its upstreams, by one door.
#include "agent/cli/context.hpp"
#include "agent/cli/options.hpp"
#include "agent/rt/task.hpp"

namespace ebb::cli {

// Runs it. Returns the exit code; throws nothing but its own cancellation.
rt::task<int> talk(context& c, command asked);

// After a cancellation: says what goes on nevertheless, and returns the exit code.
int after_interrupt(const context& c);

}  // namespace ebb::cli
