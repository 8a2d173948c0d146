#include "agent/os/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ebb::os {

namespace {

// The fields of /proc/self/stat behind the name, which may itself hold blanks and parentheses: field 3 is the first.
std::istringstream fields_behind_name() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  std::getline(in, line);
  const auto end = line.rfind(')');
  return std::istringstream(end == std::string::npos ? std::string() : line.substr(end + 1));
}

double boot_time() {
  std::ifstream in("/proc/stat");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("btime ")) {
      double seconds = 0;
      std::from_chars(line.data() + 6, line.data() + line.size(), seconds);
      return seconds;
    }
  return 0;
}

}  // namespace

process_facts read_process_facts() {
  process_facts f;
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  f.cpu_seconds = seconds(use.ru_utime) + seconds(use.ru_stime);

  auto fields = fields_behind_name();
  std::string skipped;
  for (int i = 3; i < 22 && fields >> skipped; ++i) {}
  double start_ticks = 0, virtual_bytes = 0, resident_pages = 0;
  if (fields >> start_ticks >> virtual_bytes >> resident_pages) {
    f.start_time_seconds = boot_time() + start_ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
    f.virtual_bytes = virtual_bytes;
    f.resident_bytes = resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
  }
  std::error_code ec;
  for (std::filesystem::directory_iterator it("/proc/self/fd", ec), end; !ec && it != end; it.increment(ec))
    ++f.open_fds;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) f.max_fds = static_cast<double>(limit.rlim_cur);
  return f;
}

}  // namespace ebb::os
