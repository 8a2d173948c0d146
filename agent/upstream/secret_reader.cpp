#include "agent/upstream/secret_reader.hpp"

namespace ebb::upstream {

config::read_file reader_of(rt::file_store& files) {
  return [&files](const std::string& path, std::size_t limit) {
    auto text = files.read(path, limit);
    if (text) return config::file_content{std::move(*text), {}};
    return config::file_content{{}, text.error()};
  };
}

}  // namespace ebb::upstream
