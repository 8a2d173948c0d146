#pragma once
// Logging as a seam: one call, one event, one line. A line that is below the level costs a comparison; one that the
// sink cannot take at once is dropped and counted, and the next one that passes is preceded by "log_lines_dropped".
#include <initializer_list>

#include "agent/core/log_line.hpp"
#include "agent/rt/clock.hpp"

namespace ebb::rt {

class log_sink {
 public:
  virtual ~log_sink() = default;
  // Takes one line with its end, whole, without waiting. False: it cannot now, or never again.
  virtual bool write(std::string_view line) = 0;
};

class logger {
 public:
  using fields = std::initializer_list<core::log_field>;

  logger(log_sink& sink, clock_source& clock, core::log_level least = core::log_level::info,
         core::log_format format = core::log_format::logfmt)
      : sink_(sink), clock_(clock), least_(least), format_(format) {}

  bool enabled(core::log_level level) const noexcept { return level >= least_; }
  void set(core::log_level least, core::log_format format) {
    least_ = least;
    format_ = format;
  }

  void debug(std::string_view event, fields f = {}) { log(core::log_level::debug, event, f); }
  void info(std::string_view event, fields f = {}) { log(core::log_level::info, event, f); }
  void warning(std::string_view event, fields f = {}) { log(core::log_level::warning, event, f); }
  void error(std::string_view event, fields f = {}) { log(core::log_level::error, event, f); }
  void log(core::log_level level, std::string_view event, fields f = {}) {
    if (enabled(level)) write(level, event, {f.begin(), f.size()});
  }
  // The same for fields that are collected.
  void write(core::log_level level, std::string_view event, std::span<const core::log_field> fields);

  // Since the start; never goes back.
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  bool pass(core::log_level level, std::string_view event, std::span<const core::log_field> fields);

  log_sink& sink_;
  clock_source& clock_;
  core::log_level least_;
  core::log_format format_;
  std::uint64_t dropped_ = 0, told_ = 0;
};

}  // namespace ebb::rt
