// CPU of one poll's reading: the page of 3,343 lines, searched for the names that a drain asks for.
// Prints the median and the best of the rounds, and how often a round allocated.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>
#include <vector>

#include "proto/prometheus/exposition_reader.hpp"
#include "tests/support/golden.hpp"

namespace {

std::size_t allocations = 0;

double cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void measure(const char* title, const std::string& page, const std::vector<std::string>& names) {
  constexpr int rounds = 2000;
  std::vector<double> took;
  double sum = 0;
  const std::size_t before = allocations;
  for (int i = 0; i < rounds; ++i) {
    const double began = cpu_microseconds();
    const auto gauges = ebb::prometheus::find_gauges(page, names);
    took.push_back(cpu_microseconds() - began);
    sum += gauges[0].sum;
  }
  const double each = static_cast<double>(allocations - before) / rounds;  // took grows too: a handful in all
  std::ranges::sort(took);
  std::printf("%-44s %7.1f us median, %7.1f us best, %5.1f allocations, found %.0f\n", title, took[rounds / 2], took[0],
              each, sum / rounds);
}

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main() {
  const std::vector<std::string> gauge = {"exec_fragments_active", "fragments_active",
                                          "scheduler_active_fragments_current"};
  std::vector<std::string> with_counters = gauge;
  with_counters.insert(with_counters.end(), {"exec_started_queries_total", "exec_ended_queries_total"});
  const std::string large = ebb::test::exposition_page("large");
  const std::string usual = ebb::test::exposition_page("dremio-25.2-1234");
  const auto lines = std::ranges::count(large, '\n');
  std::printf("large page: %zu bytes, %td lines; a Dremio 25.2 executor's: %zu bytes\n", large.size(), lines,
              usual.size());
  measure("large page, three gauge names", large, gauge);
  measure("large page, with counters of 300 series", large, with_counters);
  measure("page of Dremio 25.2, all five names", usual, with_counters);
}
