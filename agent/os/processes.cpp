#include "agent/os/processes.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "agent/os/files.hpp"

namespace ebb::os {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_block = 2 * 1024 * 1024;  // of arguments or variables, as the kernel has it by default
constexpr std::size_t compared = 4096;                  // bytes of two program files: the header and its build id

std::optional<std::vector<std::string>> block_of(const fs::path& path) {
  auto text = files().read(path, largest_block);
  if (!text) return std::nullopt;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text->size();) {
    const auto end = std::min(text->find('\0', at), text->size());
    out.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string beginning_of(const fs::path& path) {
  std::string out(compared, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  return out;
}

// `ebb install` makes copies of one binary, and under JAVA one of them is called java.
std::optional<bool> is_ebb(const fs::path& exe) {
  std::error_code ec;
  auto name = fs::read_symlink(exe, ec).filename().string();
  if (ec) return std::nullopt;
  if (name == "ebb" || name == "ebb (deleted)") return true;
  const fs::path own = "/proc/self/exe";
  const auto size = fs::file_size(exe, ec);
  return !ec && size == fs::file_size(own, ec) && beginning_of(exe) == beginning_of(own);
}

bool bears_our_name(const std::string& argument) {
  const auto name = fs::path(argument).filename();
  return name == "ebb" || name == "java";
}

std::optional<rt::process> read_process(const fs::path& folder, int pid) {
  auto arguments = block_of(folder / "cmdline");
  if (!arguments || arguments->empty()) return std::nullopt;  // a kernel thread, a zombie, one that has gone
  rt::process p;
  p.pid = pid;
  p.arguments = std::move(*arguments);
  if (!bears_our_name(p.arguments.front())) {
    std::error_code ec;
    if (!bears_our_name(fs::read_symlink(folder / "exe", ec)) || ec) return std::nullopt;
  }
  p.is_ebb = is_ebb(folder / "exe");
  if (const auto variables = block_of(folder / "environ")) {
    p.environment.emplace();
    for (const auto& v : *variables)
      if (const auto equals = v.find('='); equals != std::string::npos)
        p.environment->try_emplace(v.substr(0, equals), v.substr(equals + 1));
  }
  return p;
}

}  // namespace

std::vector<rt::process> processes_like_ours() {
  std::vector<rt::process> out;
  std::error_code ec;
  for (fs::directory_iterator it("/proc", ec), end; !ec && it != end; it.increment(ec)) {
    const auto name = it->path().filename().string();
    int pid = 0;
    const auto [stopped, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc{} || stopped != name.data() + name.size() || pid == ::getpid()) continue;
    if (auto p = read_process(it->path(), pid)) out.push_back(std::move(*p));
  }
  return out;
}

}  // namespace ebb::os
