#pragma once
// What scripts hold on to: the exit code of every command that asks an agent.
#include <string_view>

#include "agent/cli/status_view.hpp"

namespace ebb::cli {

enum exit_code : int {
  done = 0,
  failed = 1,
  usage = 2,         // of the command line or the configuration
  not_yet = 3,       // status: neither serving nor paused; drain: the deadline passed with work left; check: warnings
  cancelled = 4,     // the drain was withdrawn while it was waited for
  refused = 5,       // undrain: irrevocable, or somebody else's entry
  interrupted = 130  // Ctrl-C, as shells and kubectl have it
};

int status_exit(const status_view& v);

// Of an answer to POST /drain. `cause` is the one that was asked for (manual, hook).
int drain_exit(unsigned http_status, bool waited, const status_view& v, std::string_view cause);
int undrain_exit(unsigned http_status);
int stop_exit(unsigned http_status);

}  // namespace ebb::cli
