#pragma once
// Secrets and the files they are in. A secret is read on every use, because Kubernetes replaces files under us.
#include <string>
#include <string_view>
#include <vector>

#include "config/file.hpp"
#include "config/settings.hpp"

namespace ebb::config {

inline constexpr std::size_t largest_secret = 64 * 1024;

struct secret {
  std::string value;
  std::string error;  // one line that names key, file and mend, and nothing of the content
  bool ok() const { return error.empty(); }
};

// The file's content without the line ends behind it, else the value. `name` is the key without _file, for the message.
// Errors: not set, cannot be read, empty, larger than 64 KiB, control characters (it goes into a header).
secret read_secret(const secret_source& from, std::string_view name, const read_file& read);

// The same for keys that have a file only (prometheus.token_file, listen.token_file); `name` is the whole key.
secret read_secret_file(const std::string& path, std::string_view name, const read_file& read);

// Every file whose change means something: secrets and certificates, each once, in the order of the keys.
std::vector<std::string> watched_files(const settings& all);

}  // namespace ebb::config
