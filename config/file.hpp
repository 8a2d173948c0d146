#pragma once
// Files as the configuration and the secrets are read: a function from a path to the whole text or an error, so that
// everything that decides can be tested without a disk.
#include <cstddef>
#include <functional>
#include <string>
#include <system_error>

namespace ebb::config {

struct file_content {
  std::string text;
  std::error_code error;  // std::errc::file_too_large beyond the limit, else of open and read
};

using read_file = std::function<file_content(const std::string& path, std::size_t limit)>;

// The real one. Never blocks: a FIFO without data is an error, not a wait.
file_content read_from_disk(const std::string& path, std::size_t limit);

}  // namespace ebb::config
