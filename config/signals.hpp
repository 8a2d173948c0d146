#pragma once
// The signals that may be configured, by name. SIGKILL, SIGSTOP and the signals that init keeps for itself (CHLD, PIPE,
// the faults of a process) have no name here.
#include <optional>
#include <string>
#include <string_view>

namespace ebb::config {

// "SIGTERM", "TERM", "SIGRTMIN+3", "SIGRTMAX-1".
std::optional<int> signal_number(std::string_view name);

// The name as it is printed: with SIG in front. Nothing when signal_number knows no such signal.
std::optional<std::string> signal_name(std::string_view name);

}  // namespace ebb::config
