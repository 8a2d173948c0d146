#pragma once
// Stories as JSON, for runs whose coordinator and whose report are different processes.
#include <string>
#include <string_view>

#include "tools/lab/demo/story.hpp"

namespace ebb::lab {

std::string write_story(const story& s);
story read_story(std::string_view text);  // throws std::invalid_argument that says what is wrong

// How a run ended, as those who ran it saw it; all times are seconds before now.
struct stop_seen {
  std::string node;  // as the coordinator knows it
  std::string name;  // for people
  double from = 0;   // it began
  double told = 0;   // it was to stop
  double gone = 0;
  bool killed = false;  // by SIGKILL
  std::string failure;  // of a hook
};
struct run_seen {
  std::string key, title;
  double began = 0;
  std::vector<stop_seen> stops;
};
run_seen read_run(std::string_view text);  // throws likewise

std::vector<stop_record> records(const run_seen& run, time_point now);

}  // namespace ebb::lab
