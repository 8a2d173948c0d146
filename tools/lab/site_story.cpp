// POST /lab/story: what happened here, told by those who stopped executors, for `ebb-lab report`.
#include <stdexcept>

#include "tools/lab/demo/story_json.hpp"
#include "tools/lab/site.hpp"

namespace ebb::lab {

http::response site::told(const http::request& req) const {
  try {
    const auto run = read_run(req.body);
    const auto now = clock_.now();
    const auto zero = now - std::chrono::duration_cast<duration>(std::chrono::duration<double>(run.began));
    auto all = tell({planner_, coordinator_.denied(), events_}, records(run, now), zero, now);
    all.key = run.key;
    all.title = run.title;
    http::response r;
    r.headers.emplace_back("Content-Type", "application/json");
    r.body = write_story(all) + "\n";
    return r;
  } catch (const std::invalid_argument& wrong) { return http::plain(400, std::string(wrong.what()) + "\n"); }
}

}  // namespace ebb::lab
