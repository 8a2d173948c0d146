#pragma once
// The last lines that the hosts of a world have logged, with virtual time and the host's name.
#include <cstdint>
#include <deque>
#include <iosfwd>
#include <string>
#include <string_view>

#include "agent/rt/clock.hpp"

namespace ebb::sim {

class journal {
 public:
  static constexpr std::size_t lines_kept = 200;

  // Returns the line as it was kept, for the trace and for tests that compare it.
  const std::string& add(rt::duration since_start, std::string_view host, std::string_view text);
  bool contains(std::string_view text) const;  // among the lines kept
  void print(std::ostream& out) const;
  const std::deque<std::string>& lines() const noexcept { return lines_; }

 private:
  std::deque<std::string> lines_;
};

// "12.345678s": how virtual time is written.
std::string format_time(rt::duration since_start);

}  // namespace ebb::sim
