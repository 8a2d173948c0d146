#pragma once
// /status as one screen of text. Pure: the same view, moment and look give the same bytes.
#include <string>

#include "agent/cli/status_view.hpp"

namespace ebb::cli {

struct look {
  bool colour = false;
  bool bars = false;  // of a drain: settle, quiet, time
};

std::string status_screen(const status_view& v, moment now, look l);

// The same in one line, for a follower that is no terminal.
std::string status_line(const status_view& v);

// "[########------------]"; `part` is cut to 0 … 1.
std::string bar(double part);

}  // namespace ebb::cli
