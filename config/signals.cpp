#include "config/signals.hpp"

#include <array>
#include <charconv>
#include <csignal>

namespace ebb::config {
namespace {

struct named_signal {
  std::string_view name;
  int number;
};
constexpr std::array ordinary{named_signal{"TERM", SIGTERM},  named_signal{"INT", SIGINT},
                              named_signal{"QUIT", SIGQUIT},  named_signal{"HUP", SIGHUP},
                              named_signal{"USR1", SIGUSR1},  named_signal{"USR2", SIGUSR2},
                              named_signal{"WINCH", SIGWINCH}};

// "RTMIN", "RTMIN+3", "RTMAX-1". SIGRTMIN is no constant: libc keeps the first few for itself.
std::optional<int> real_time(std::string_view name) {
  const bool from_low = name.starts_with("RTMIN");
  if (!from_low && !name.starts_with("RTMAX")) return std::nullopt;
  name.remove_prefix(5);
  int offset = 0;
  if (!name.empty()) {
    if (name.front() != (from_low ? '+' : '-')) return std::nullopt;
    const auto* end = name.data() + name.size();
    auto [stopped, error] = std::from_chars(name.data() + 1, end, offset);
    if (error != std::errc{} || stopped != end || offset < 0 || offset > SIGRTMAX - SIGRTMIN) return std::nullopt;
  }
  return from_low ? SIGRTMIN + offset : SIGRTMAX - offset;
}

std::string_view without_prefix(std::string_view name) { return name.starts_with("SIG") ? name.substr(3) : name; }

}  // namespace

std::optional<int> signal_number(std::string_view name) {
  name = without_prefix(name);
  for (const auto& known : ordinary)
    if (known.name == name) return known.number;
  return real_time(name);
}

std::optional<std::string> signal_name(std::string_view name) {
  if (!signal_number(name)) return std::nullopt;
  return "SIG" + std::string(without_prefix(name));
}

}  // namespace ebb::config
