#include "agent/os/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/system/errc.hpp>
#include <cerrno>

#include "agent/os/descriptor.hpp"

namespace ebb::os {

namespace {

rt::error_code last_error() { return {errno, boost::system::system_category()}; }

}  // namespace

rt::result<std::string> files::read(const std::string& path, std::size_t limit) {
  // Non-blocking, because opening a pipe for reading would wait for its writer.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return last_error();
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return last_error();
  if (S_ISDIR(about.st_mode)) return make_error_code(boost::system::errc::is_a_directory);
  if (!S_ISREG(about.st_mode)) return make_error_code(boost::system::errc::invalid_argument);

  // The size is only a hint: files of /proc say 0.
  std::string text;
  text.reserve(std::min(limit, static_cast<std::size_t>(about.st_size)));
  std::array<char, 4096> piece{};
  for (;;) {
    const auto n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return last_error();
    if (n == 0) return text;
    if (text.size() + static_cast<std::size_t>(n) > limit) return make_error_code(boost::system::errc::file_too_large);
    text.append(piece.data(), static_cast<std::size_t>(n));
  }
}

rt::result<std::uint64_t> files::version(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return last_error();
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a over what tells two versions apart
  const auto mix = [&hash](auto part) { hash = (hash ^ static_cast<std::uint64_t>(part)) * 1099511628211U; };
  mix(about.st_dev);
  mix(about.st_ino);
  mix(about.st_size);
  mix(about.st_mtim.tv_sec);
  mix(about.st_mtim.tv_nsec);
  mix(about.st_ctim.tv_sec);
  mix(about.st_ctim.tv_nsec);
  return hash;
}

rt::result<void> files::overwrite(const std::string& path, std::string_view text) {
  const descriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK));
  if (!file) return last_error();
  while (!text.empty()) {
    const auto n = ::write(file.get(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return last_error();
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace ebb::os
