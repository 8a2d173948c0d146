#include "tools/lab/commands/report.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>

#include "tools/lab/demo/report.hpp"
#include "tools/lab/demo/story_json.hpp"

namespace ebb::lab {

void report_command::declare(CLI::App& app) {
  app.add_option("story", stories, "files with what POST /lab/story answered, one for each run")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--fact", facts, "a sentence about what the runs had in common")->take_all();
  app.add_option("--out", out, "the page; without, only the table is printed");
}

int report_command::run() {
  std::vector<story> all;
  for (const auto& name : stories) {
    std::ostringstream text;
    text << std::ifstream(name).rdbuf();
    try {
      all.push_back(read_story(text.str()));
    } catch (const std::invalid_argument& wrong) { return fail(name + ": " + wrong.what()); }
  }
  std::printf("%s\n", table(all).c_str());
  if (out.empty()) return 0;
  if (!(std::ofstream(out) << page_of(all, facts))) return fail("--out: " + out + " cannot be written");
  std::printf("pictures: %s\n", out.c_str());
  return 0;
}

}  // namespace ebb::lab
