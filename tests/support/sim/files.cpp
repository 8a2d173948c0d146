#include "tests/support/sim/files.hpp"

#include <boost/system/errc.hpp>

#include "tests/support/sim/host.hpp"

namespace ebb::sim {

namespace errc = boost::system::errc;

rt::result<std::string> files::read(const std::string& path, std::size_t limit) {
  if (owner_.fails(seam::read_file)) return errc::make_error_code(errc::io_error);
  const auto it = entries_.find(path);
  if (it == entries_.end()) return errc::make_error_code(errc::no_such_file_or_directory);
  if (it->second.error) return it->second.error;
  if (it->second.content.size() > limit) return errc::make_error_code(errc::file_too_large);
  return it->second.content;
}

rt::result<std::uint64_t> files::version(const std::string& path) {
  if (owner_.fails(seam::stat_file)) return errc::make_error_code(errc::io_error);
  const auto it = entries_.find(path);
  if (it == entries_.end()) return errc::make_error_code(errc::no_such_file_or_directory);
  return it->second.version;
}

rt::result<void> files::overwrite(const std::string& path, std::string_view text) {
  if (!entries_.contains(path)) return errc::make_error_code(errc::no_such_file_or_directory);
  put(path, std::string(text));
  return {};
}

void files::put(const std::string& path, std::string content) {
  entry& e = entries_[path];
  e.content = std::move(content);
  e.error = {};
  e.version = ++changes_;
}

void files::unreadable(const std::string& path, rt::error_code why) {
  entry& e = entries_[path];
  e.error = why;
  e.version = ++changes_;
}

}  // namespace ebb::sim
