#include "agent/init/descendants.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

namespace ebb::init {
namespace {

constexpr std::size_t most_processes = 32'768;  // of the machine that are looked at

struct process {
  pid_t pid;
  pid_t parent;
  bool ours = false;
};

std::optional<pid_t> number(std::string_view text) {
  pid_t n = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return n;
}

// The fourth field of /proc/PID/stat. The second is the name in brackets, in which anything may stand.
std::optional<pid_t> parent_of(std::string_view pid) {
  std::array<char, 32> path;
  std::snprintf(path.data(), path.size(), "/proc/%.*s/stat", static_cast<int>(pid.size()), pid.data());
  int fd = open(path.data(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::array<char, 256> buffer;
  auto n = read(fd, buffer.data(), buffer.size());
  close(fd);
  std::string_view text(buffer.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  auto bracket = text.rfind(')');
  if (bracket == std::string_view::npos || text.size() < bracket + 5) return std::nullopt;
  return number(text.substr(bracket + 4));
}

std::vector<process> all_processes() {
  std::vector<process> all;
  DIR* proc = opendir("/proc");
  if (proc == nullptr) return all;
  while (const dirent* entry = readdir(proc)) {
    std::string_view name = entry->d_name;
    auto pid = number(name);
    if (!pid || all.size() == most_processes) continue;
    if (auto parent = parent_of(name)) all.push_back({*pid, *parent});
  }
  closedir(proc);
  return all;
}

}  // namespace

void signal_descendants(int signo) {
  const pid_t self = getpid();
  if (self == 1) {
    kill(-1, signo);
    return;
  }
  auto all = all_processes();
  std::ranges::sort(all, {}, &process::pid);
  auto is_ours = [&all, self](pid_t pid) {
    if (pid == self) return true;
    auto at = std::ranges::lower_bound(all, pid, {}, &process::pid);
    return at != all.end() && at->pid == pid && at->ours;
  };
  // A child's number may be lower than its parent's once the numbers have wrapped: repeated until nothing is added.
  for (bool grown = true; grown;) {
    grown = false;
    for (auto& p : all) {
      if (p.ours || !is_ours(p.parent)) continue;
      p.ours = grown = true;
    }
  }
  for (const auto& p : all) {
    if (p.ours) kill(p.pid, signo);
  }
}

}  // namespace ebb::init
