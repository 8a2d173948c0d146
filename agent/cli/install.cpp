#include "agent/cli/install.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace ebb::cli {
namespace {

constexpr mode_t everybody_executes = 0755;

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() { reset(); }
  descriptor(const descriptor&) = delete;
  int get() const { return fd_; }
  // The result of close: a full disk may be told only here.
  bool reset() { return fd_ < 0 || close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

std::string mend_for(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return "make room, two copies of the binary are needed";
    case EROFS: return "mount a writable volume there";
    case EACCES:
    case EPERM: return "let this user write there";
    case ENOENT: return "create the directory, or mount a volume there";
    case ENOTDIR:
    case EISDIR: return "name a directory";
    default: return "see the cause";
  }
}

std::string failure(const std::string& path, int error) {
  return "cannot write \"" + path + "\": " + std::strerror(error) + "; " + mend_for(error);
}

bool copy(int from, int to) {
  std::array<char, 64 * 1024> block;
  for (off_t at = 0;;) {
    auto n = pread(from, block.data(), block.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n == 0;
    for (ssize_t done = 0; done < n;) {
      auto written = write(to, block.data() + done, static_cast<std::size_t>(n - done));
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) done += written;
    }
    at += n;
  }
}

// Written beside its place under another name and then renamed.
std::string place(int binary, const std::string& path) {
  const auto unfinished = path + ".new." + std::to_string(getpid());
  descriptor out(open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, everybody_executes));
  if (out.get() < 0) return failure(path, errno);
  bool written = copy(binary, out.get()) && fchmod(out.get(), everybody_executes) == 0 && fsync(out.get()) == 0 &&
                 out.reset() && rename(unfinished.c_str(), path.c_str()) == 0;
  if (written) return {};
  const int error = errno;
  unlink(unfinished.c_str());
  return failure(path, error);
}

}  // namespace

std::string install(const std::string& binary, const std::string& directory) {
  descriptor source(open(binary.c_str(), O_RDONLY | O_CLOEXEC));
  if (source.get() < 0) return "cannot read \"" + binary + "\": " + std::strerror(errno);
  if (mkdir(directory.c_str(), everybody_executes) != 0 && errno != EEXIST) return failure(directory, errno);
  for (const char* name : {"/ebb", "/java"}) {
    if (auto error = place(source.get(), directory + name); !error.empty()) return error;
  }
  return {};
}

}  // namespace ebb::cli
