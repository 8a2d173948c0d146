#pragma once
// One event as one line, as logfmt or as JSON:
//
//   time=2026-08-01T09:30:00.123Z level=info app=ebb event=state from=serving to=draining causes=sigterm
//   {"time":"2026-08-01T09:30:00.123Z","level":"info","app":"ebb","event":"state","from":"serving",…}
//
// Times are UTC with milliseconds (RFC 3339). "app" tells our lines from the JVM's, which share the stream. Text is
// made printable: one line, valid UTF-8, at most longest_value bytes of each value. A line has at most longest_line
// bytes, its end included, because longer writes to a pipe are not atomic; fields that do not fit are left out and
// truncated=true says so.
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "agent/core/secret.hpp"

namespace ebb::core {

enum class log_level { debug, info, warning, error };
enum class log_format { logfmt, json };

inline constexpr std::size_t longest_line = 4096;
inline constexpr std::size_t longest_value = 1024;

// Text is borrowed: a field lives no longer than the call it is written in. An empty optional is null, "unknown".
class log_value {
 public:
  log_value(std::string_view text) : value_(text) {}
  log_value(const char* text) : value_(std::string_view(text)) {}
  log_value(const std::string& text) : value_(std::string_view(text)) {}
  log_value(std::same_as<bool> auto flag) : value_(flag) {}
  log_value(std::signed_integral auto number) : value_(static_cast<std::int64_t>(number)) {}
  log_value(std::unsigned_integral auto number)
    requires(!std::same_as<decltype(number), bool>)
      : value_(static_cast<std::uint64_t>(number)) {}
  log_value(double number) : value_(number) {}
  log_value(std::chrono::nanoseconds d) : value_(d) {}  // as people read durations
  log_value(std::nullopt_t) {}
  template <class T>
  log_value(const std::optional<T>& maybe) {
    if (maybe) *this = log_value(*maybe);
  }
  log_value(const secret&) = delete;

  using any = std::variant<std::monostate, std::string_view, bool, std::int64_t, std::uint64_t, double,
                           std::chrono::nanoseconds>;
  const any& get() const { return value_; }

 private:
  any value_;
};

struct log_field {
  std::string_view key;  // snake_case
  log_value value;
};

struct log_line {
  std::chrono::sys_time<std::chrono::milliseconds> at;
  log_level level;
  std::string_view event;
  std::span<const log_field> fields;
};

std::string_view name(log_level level);

// The line with its end.
std::string render(const log_line& line, log_format format);

}  // namespace ebb::core
