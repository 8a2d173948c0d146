#include "config/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace ebb::config {
namespace {

file_content failed(int number) { return {{}, std::error_code(number, std::generic_category())}; }

file_content read_all(int descriptor, std::size_t limit) {
  file_content out;
  char block[16 * 1024];
  for (;;) {
    const auto got = ::read(descriptor, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(errno);
    if (got == 0) return out;
    if (out.text.size() + static_cast<std::size_t>(got) > limit) return failed(EFBIG);
    out.text.append(block, static_cast<std::size_t>(got));
  }
}

}  // namespace

file_content read_from_disk(const std::string& path, std::size_t limit) {
  if (path.find('\0') != std::string::npos) return failed(EINVAL);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return failed(errno);
  auto out = read_all(descriptor, limit);
  ::close(descriptor);
  return out;
}

}  // namespace ebb::config
