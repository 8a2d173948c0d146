#include "config/secret.hpp"

#include <algorithm>

#include "config/schema.hpp"
#include "config/syntax.hpp"

namespace ebb::config {
namespace {

secret failed(std::string_view name, std::string_view what) { return {{}, std::string(name).append(" ").append(what)}; }

std::string_view fault_of(std::string_view content) {
  if (content.empty()) return "is empty";
  if (!fits_on_a_line(content)) return "has line ends or control characters in it; write the bare secret, in text";
  return {};
}

}  // namespace

secret read_secret_file(const std::string& path, std::string_view name, const read_file& read) {
  if (path.empty()) return failed(name, "is not set");
  const auto place = std::string(name) + " = " + shown(path);
  auto content = read(path, largest_secret);
  if (content.error == std::errc::file_too_large) return failed(place, "is larger than 64 KiB; is it the right file?");
  if (content.error) return failed(place, "cannot be read: " + content.error.message());
  while (content.text.ends_with('\n') || content.text.ends_with('\r')) content.text.pop_back();
  if (auto fault = fault_of(content.text); !fault.empty()) return failed(place, fault);
  return {std::move(content.text), {}};
}

secret read_secret(const secret_source& from, std::string_view name, const read_file& read) {
  if (!from.file.empty()) return read_secret_file(from.file, std::string(name) + "_file", read);
  if (from.value.empty()) return failed(name, "is not set; nor is " + std::string(name) + "_file");
  return {from.value, {}};
}

std::vector<std::string> watched_files(const settings& all) {
  std::vector<std::string> out;
  for (const auto& k : keys()) {
    // Those of the service account are opened for every request, and nothing that was made with the old ones is kept.
    if (k.type != kind::path || section_of(k) == "kubernetes") continue;
    const auto path = std::get<std::string>(k.get(all));
    if (!path.empty() && std::find(out.begin(), out.end(), path) == out.end()) out.push_back(path);
  }
  return out;
}

}  // namespace ebb::config
