#include "tests/support/sim/log_sink.hpp"

#include "tests/support/sim/host.hpp"

namespace ebb::sim {

bool log_sink::write(std::string_view line) {
  if (blocked_) return false;
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  // The journal has virtual time and the host's name itself.
  if (const auto event = line.find("event="); event != std::string_view::npos) line.remove_prefix(event);
  owner_.say(line);
  return true;
}

}  // namespace ebb::sim
