// Counts what the search for a gauge allocates, by replacing the global operator new. A program of its own: libraries
// that mix operator new with others' operator delete would be blamed by a sanitizer.
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "proto/prometheus/exposition_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

namespace {

std::size_t allocations = 0;

std::size_t allocations_of_a_search(const std::string& page, const std::vector<std::string>& names) {
  const std::size_t before = allocations;
  const auto gauges = ebb::prometheus::find_gauges(page, names);
  return allocations - before + (gauges.empty() ? 1 : 0);
}

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("finding a gauge allocates for the answer and never for a line") {
  const std::vector<std::string> names = {"exec_fragments_active", "fragments_active",
                                          "scheduler_active_fragments_current"};
  const std::string page = ebb::test::exposition_page("large");
  CHECK(allocations_of_a_search(page, names) == 2);  // the readings, and the one sample that was found
  CHECK(allocations_of_a_search(page + page, names) <= 3);
  CHECK(allocations_of_a_search("", names) == 1);
}
