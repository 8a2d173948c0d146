#include "agent/cli/progress.hpp"

#include <algorithm>
#include <ostream>

#include "proto/printable.hpp"

namespace ebb::cli {

namespace {

constexpr std::size_t width = 78;  // a longer line could not be written over

// What remains of "waiting for settle: 4.2 s left" when only its figures change.
std::string without_figures(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return out;
}

}  // namespace

void progress_line::show(std::string_view text) {
  if (context_.terminal) {
    context_.err << '\r' << proto::printable(text, width) << "\x1b[K";
  } else if (without_figures(text) != without_figures(shown_)) {
    context_.err << text << '\n';
  }
  context_.err.flush();
  shown_ = text;
}

void progress_line::clear() {
  if (context_.terminal && !shown_.empty()) context_.err << "\r\x1b[K";
  shown_.clear();
}

}  // namespace ebb::cli
