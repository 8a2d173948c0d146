#include "agent/rt/log.hpp"

#include <array>

namespace ebb::rt {

bool logger::pass(core::log_level level, std::string_view event, std::span<const core::log_field> fields) {
  return sink_.write(core::render({clock_.wall_now(), level, event, fields}, format_));
}

void logger::write(core::log_level level, std::string_view event, std::span<const core::log_field> fields) {
  if (told_ < dropped_) {
    const std::array<core::log_field, 2> since{{{"lines", dropped_ - told_}, {"total", dropped_}}};
    if (pass(core::log_level::warning, "log_lines_dropped", since)) told_ = dropped_;
  }
  if (!pass(level, event, fields)) ++dropped_;
}

}  // namespace ebb::rt
