#include "tests/support/sim/journal.hpp"

#include <cstdio>
#include <ostream>

namespace ebb::sim {

std::string format_time(rt::duration since_start) {
  char text[32];
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(since_start).count();
  std::snprintf(text, sizeof text, "%lld.%06llds", static_cast<long long>(us / 1'000'000),
                static_cast<long long>(us % 1'000'000));
  return text;
}

const std::string& journal::add(rt::duration since_start, std::string_view host, std::string_view text) {
  if (lines_.size() == lines_kept) lines_.pop_front();
  std::string line = format_time(since_start);
  line.append(" ").append(host).append(" ").append(text);
  return lines_.emplace_back(std::move(line));
}

bool journal::contains(std::string_view text) const {
  for (const auto& line : lines_)
    if (line.find(text) != std::string::npos) return true;
  return false;
}

void journal::print(std::ostream& out) const {
  for (const auto& line : lines_) out << line << '\n';
}

}  // namespace ebb::sim
