#pragma once
#include "agent/rt/files.hpp"

namespace ebb::os {

// Regular files of the machine. Anything else (a directory, a pipe that would block the loop) is invalid_argument.
class files final : public rt::file_store {
 public:
  rt::result<std::string> read(const std::string& path, std::size_t limit) override;
  rt::result<std::uint64_t> version(const std::string& path) override;
  rt::result<void> overwrite(const std::string& path, std::string_view text) override;
};

}  // namespace ebb::os
