#pragma once
// Files as a seam: opened by path every time, because Kubernetes replaces secrets by renaming a directory link.
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/rt/task.hpp"

namespace ebb::rt {

class file_store {
 public:
  virtual ~file_store() = default;
  // The whole file, at most `limit` bytes. Errors: of open and read; file_too_large.
  virtual result<std::string> read(const std::string& path, std::size_t limit) = 0;
  // A value that differs when the file behind the path has changed (inode, size, time). Errors: of stat.
  virtual result<std::uint64_t> version(const std::string& path) = 0;
  // Replaces what is in a file that exists; makes none. Errors: of open and write.
  virtual result<void> overwrite(const std::string& path, std::string_view text) = 0;
};

}  // namespace ebb::rt
