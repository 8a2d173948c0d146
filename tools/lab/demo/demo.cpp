#include "tools/lab/demo/demo.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "tools/lab/demo/report.hpp"

namespace ebb::lab {
namespace {

constexpr int interrupted = 4, failed = 1, fell_short = 3;

std::string number_text(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", x);
  return text;
}
std::string text(duration d) { return number_text(std::chrono::duration<double>(d).count()) + " s"; }
std::string text(span s) { return text(s.least) + " to " + text(s.most); }

std::vector<std::string> facts(const demo_settings& s) {
  return {
      "Seed " + std::to_string(s.seed) +
          ": the same queries arrive at the same moments in every run; which executors a query is "
          "planned on depends on those that are left.",
      number_text(s.per_second) + " queries a second for " + text(s.length) +
          ", 1 to 4 fragments each, a query's longest fragment "
          "needs " +
          text(s.lasts) + ", the first starts " + text(s.plan_delay) + " after the plan.",
      std::to_string(s.executors) + " executors (their pages are those of Dremio " + s.dremio +
          ", which has the metric's old name, so "
          "that the hook can read it); " +
          std::to_string(s.one_by_one.size()) + " are stopped one by one, then " + std::to_string(s.together) +
          " within " + text(s.spread.most) + ".",
      "A stopped pod has " + text(s.grace) +
          " until SIGKILL. On SIGTERM an executor closes its web-admin port, waits up to 5 s for "
          "fragments while it is still registered, and leaves.",
      "Each call to the coordinator takes " + text(s.latency) + "; the planner respects the deny list " +
          text(s.propagation) + " after a write.",
      "The hook is the shell hook's algorithm in C++: read, add, write back, no second look; then every 4 s one look "
      "at Prometheus, "
      "which scrapes every " +
          text(s.scrape) + "; the first 0 lets it go.",
      "Ebb is the real program, " + s.ebb + ", with its defaults.",
      "A query is lost when an executor goes away while one of its fragments is planned or running there.",
  };
}

// Losing nothing is no merit when nobody was denied: without its agent Ebb only waits until the deadline.
bool all_denied(const story& s) {
  return std::all_of(s.nodes.begin(), s.nodes.end(), [](const node_story& n) { return !n.told || n.ever_denied; });
}

struct show {
  machine& m;
  const demo_settings& s;
  std::vector<protection> ways;
  children kids{m.io, m.clock};
  std::vector<story> stories;
  bool was_interrupted = false;
  std::string failure;

  show(machine& on, const demo_settings& settings, std::vector<protection> in)
      : m(on), s(settings), ways(std::move(in)) {}
};

rt::task<> play_all(show& it, rt::nursery& around) {
  progress shown(::isatty(STDOUT_FILENO) == 1);
  for (std::size_t i = 0; i < it.ways.size() && it.failure.empty(); ++i) {
    stage run(it.m, it.kids, shown, it.s, it.ways[i]);
    shown.line("[" + std::to_string(i + 1) + "/" + std::to_string(it.ways.size()) + "] " + run.title());
    auto told = co_await run.play();
    it.failure = run.failure();
    if (it.failure.empty()) it.stories.push_back(std::move(told));
  }
  around.cancel();
}

rt::task<> watch_signals(show& it, rt::nursery& around) {
  rt::asio::signal_set signals(it.m.io, SIGINT, SIGTERM);
  auto [ec, signal] = co_await signals.async_wait(rt::asio::as_tuple(rt::asio::use_awaitable));
  if (ec) co_return;
  it.was_interrupted = true;
  around.cancel();
}

rt::task<int> whole(show& it) {
  rt::nursery both(it.m.io.get_executor());
  both.spawn(watch_signals(it, both));  // before anything is started that it would have to end
  both.spawn(it.kids.reap());
  both.spawn(play_all(it, both));
  co_await both.join();
  co_return it.was_interrupted ? interrupted : it.failure.empty() ? 0 : failed;
}

}  // namespace

int run_demo(const demo_settings& s, const std::vector<protection>& ways, bool strict) {
  std::filesystem::remove_all(s.out / "logs");
  std::filesystem::create_directories(s.out / "logs");
  std::ofstream(s.out / "ebb.toml")
      << "# The demonstration's agents have Ebb's defaults; what differs is in their environment.\n";
  std::printf("%d executors under load, %zu of them stopped, %s with the same queries (seed %llu)\n\n", s.executors,
              s.one_by_one.size() + static_cast<std::size_t>(s.together), ways.size() == 1 ? "once" : "each time",
              static_cast<unsigned long long>(s.seed));
  machine m;
  show it(m, s, ways);
  const int code = m.run(whole(it));
  if (it.was_interrupted) std::printf("\ninterrupted; everything that was started has been ended\n");
  if (!it.failure.empty()) std::fprintf(stderr, "ebb-lab demo: %s\n", it.failure.c_str());
  if (it.stories.empty()) return code;
  std::printf("\n%s\n", table(it.stories).c_str());
  const auto report = s.out / "report.html";
  std::ofstream(report) << page_of(it.stories, facts(s));
  std::printf("pictures: %s\n", report.c_str());
  if (code != 0 || !strict) return code;
  const bool good = std::all_of(it.stories.begin(), it.stories.end(),
                                [](const story& t) { return t.key != "ebb" || (t.lost == 0 && all_denied(t)); });
  return good ? 0 : fell_short;
}

}  // namespace ebb::lab
