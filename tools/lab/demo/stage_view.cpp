// What a stage shows of itself while it runs.
#include <algorithm>
#include <cstdio>

#include "tools/lab/demo/stage.hpp"

namespace ebb::lab {
namespace {

constexpr duration frame_time = 250ms;

template <class... T>
std::string format(const char* pattern, T... values) {
  char text[200];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::string bar(int n) {
  std::string out;
  for (int i = 0; i < std::min(n, 30); ++i) out += "▪";
  return out;
}

}  // namespace

std::size_t stage::lost_at(const std::string& node) const {
  const auto& all = site_.plans().queries();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const auto& q) { return q.end == outcome::lost && q.node == node; }));
}

void stage::tell_end(const pod& p) {
  const auto lost = lost_at(p.record.node);
  const auto took = std::chrono::duration<double>(*p.record.gone - *p.record.told).count();
  progress_.line(format("  %5.1f s  %-12s stopped in %4.1f s%s · %zu quer%s lost%s%s", since_zero(),
                        p.record.short_name.c_str(), took, p.record.killed ? " by SIGKILL" : "", lost,
                        lost == 1 ? "y" : "ies",
                        p.record.failure.empty() ? "" : " · hook: ", p.record.failure.c_str()));
}

rt::task<> stage::show() {
  for (;;) {
    if (progress_.terminal()) progress_.block(frame());
    co_await machine_.clock.sleep_for(frame_time);
  }
}

std::vector<std::string> stage::frame() {
  std::vector<std::string> out;
  const auto now = machine_.clock.now();
  for (const auto& p : pods_) {
    std::string state;
    if (p.record.gone)
      state = "gone";
    else if (p.record.told)
      state = format("stopping for %.0f s", std::chrono::duration<double>(now - *p.record.told).count());
    if (!p.record.gone && site_.head().denied().holds(p.record.node)) state += state.empty() ? "denied" : ", denied";
    const int n = p.record.gone ? 0 : site_.plans().pending_on(p.record.node);
    out.push_back(format("  %-12s %3d ", p.record.short_name.c_str(), n) + bar(n) + "  " + state);
  }
  const auto& plans = site_.plans();
  out.push_back(format("  %4.0f s   queries: %zu running, %zu finished, %zu lost", since_zero(),
                       plans.count(outcome::running), plans.count(outcome::finished), plans.count(outcome::lost)));
  return out;
}

}  // namespace ebb::lab
