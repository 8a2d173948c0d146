#pragma once
// The files of a host: they survive a crash, change, vanish and turn unreadable.
#include <map>
#include <string>

#include "agent/rt/files.hpp"

namespace ebb::sim {

class host;

class files final : public rt::file_store {
 public:
  explicit files(host& owner) : owner_(owner) {}

  rt::result<std::string> read(const std::string& path, std::size_t limit) override;
  rt::result<std::uint64_t> version(const std::string& path) override;
  rt::result<void> overwrite(const std::string& path, std::string_view text) override;

  void put(const std::string& path, std::string content);
  void remove(const std::string& path) { entries_.erase(path); }
  void unreadable(const std::string& path, rt::error_code why);  // until the next put()

 private:
  struct entry {
    std::string content;
    std::uint64_t version = 0;
    rt::error_code error;
  };
  host& owner_;
  std::map<std::string, entry> entries_;
  std::uint64_t changes_ = 0;
};

}  // namespace ebb::sim
