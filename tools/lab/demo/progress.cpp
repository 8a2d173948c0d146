#include "tools/lab/demo/progress.hpp"

#include <cstdio>
#include <utility>

namespace ebb::lab {

void progress::wipe() {
  if (!block_.empty()) std::printf("\033[%zuA\033[J", block_.size());
}

void progress::line(const std::string& text) {
  auto again = std::exchange(block_, {});
  if (!again.empty()) std::printf("\033[%zuA\033[J", again.size());
  std::printf("%s\n", text.c_str());
  block(std::move(again));
  std::fflush(stdout);
}

void progress::block(std::vector<std::string> lines) {
  if (!terminal_) return;
  wipe();
  block_ = std::move(lines);
  for (const auto& l : block_) std::printf("%s\n", l.c_str());
  std::fflush(stdout);
}

}  // namespace ebb::lab
