#pragma once
// Progress on stderr: on a terminal one line that is written over, else a line when something has changed.
#include <string>
#include <string_view>

#include "agent/cli/context.hpp"

namespace ebb::cli {

class progress_line {
 public:
  explicit progress_line(context& c) : context_(c) {}

  void show(std::string_view text);
  // Before anything else is written.
  void clear();

 private:
  context& context_;
  std::string shown_;
};

}  // namespace ebb::cli
