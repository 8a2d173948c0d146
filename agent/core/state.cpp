#include "agent/core/state.hpp"

#include <array>

namespace ebb::core {

namespace {

constexpr std::array<std::string_view, 7> state_names = {"starting", "admitting", "serving", "paused",
                                                         "draining", "stopping",  "stopped"};
constexpr std::array<std::string_view, 4> phase_names = {"", "denying", "quiescing", "drained"};
constexpr std::array<std::string_view, cause_count> cause_names = {"manual",  "annotation", "node",       "hook",
                                                                   "sigterm", "deletion",   "disappeared"};

}  // namespace

std::string_view name(state s) { return state_names.at(static_cast<std::size_t>(s)); }
std::string_view name(phase p) { return phase_names.at(static_cast<std::size_t>(p)); }
std::string_view name(cause c) { return cause_names.at(static_cast<std::size_t>(c)); }

std::string cause_set::text() const {
  std::string out;
  for (int i = 0; i < cause_count; ++i) {
    if (!has(static_cast<cause>(i))) continue;
    if (!out.empty()) out += ',';
    out += name(static_cast<cause>(i));
  }
  return out;
}

}  // namespace ebb::core
