#pragma once
// The stories of a demonstration as a table for the terminal and as one self-contained page.
#include <string>
#include <vector>

#include "tools/lab/demo/story.hpp"

namespace ebb::lab {

std::string table(const std::vector<story>& stories);

// `facts`: what the runs had in common, one sentence each.
std::string page_of(const std::vector<story>& stories, const std::vector<std::string>& facts);

// One row of the figures that both show.
struct figure {
  std::string name;
  std::vector<std::string> values;  // one for each story
  bool weighty = false;
};
std::vector<figure> figures(const std::vector<story>& stories);

std::string escaped(std::string_view text);  // for HTML

// One story's time lines as inline SVG; `most` is the highest number of running fragments of all stories.
std::string time_lines(const story& s, int most);

}  // namespace ebb::lab
