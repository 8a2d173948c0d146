#include "tools/lab/model/faults.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::lab;

namespace {

time_point at(duration d) { return time_point(d); }

call of(std::string_view method, std::string_view target) {
  call c;
  c.method = method, c.target = target;
  return c;
}

}  // namespace

TEST_CASE("without rules nothing goes wrong") {
  faults f{seeded(1)};
  const auto v = f.judge(of("GET", "/"), at(0s));
  CHECK((v.what == fault::none && v.before == 0s && v.after == 0s));
}

TEST_CASE("a rule meets the n-th matching calls in its window") {
  faults f{seeded(1)};
  fault_rule r;
  r.method = "POST", r.path_prefix = "/api/v3", r.first = 2, r.count = 2, r.what = fault::lost_answer;
  r.from = at(10s), r.until = at(20s);
  f.add(r);
  const auto post = of("POST", "/api/v3/x?y=1");
  CHECK(f.judge(post, at(9s)).what == fault::none);
  CHECK(f.judge(of("GET", "/api/v3/x"), at(10s)).what == fault::none);
  CHECK(f.judge(of("POST", "/apiv2/login"), at(10s)).what == fault::none);
  CHECK(f.judge(post, at(10s)).what == fault::none);
  CHECK(f.judge(post, at(11s)).what == fault::lost_answer);
  CHECK(f.judge(post, at(12s)).what == fault::lost_answer);
  CHECK(f.judge(post, at(13s)).what == fault::none);
  CHECK(f.judge(post, at(20s)).what == fault::none);
  CHECK(f.rules()[0].met == 4);
  CHECK(f.rules()[0].done == 2);
}

TEST_CASE("delays add up, of the other faults the first counts") {
  faults f{seeded(1)};
  fault_rule slow;
  slow.before = {20ms, 20ms};
  fault_rule slower;
  slower.before = {5ms, 5ms}, slower.after = {1s, 1s}, slower.what = fault::status, slower.status = 429;
  fault_rule reset;
  reset.what = fault::reset;
  f.add(slow), f.add(slower), f.add(reset);
  const auto v = f.judge(of("GET", "/"), at(0s));
  CHECK((v.what == fault::status && v.instead.status == 429 && v.before == 25ms && v.after == 1s));
}

TEST_CASE("a chance of a third meets about a third of the calls") {
  faults f{seeded(42)};
  fault_rule r;
  r.chance = 1.0 / 3, r.what = fault::reset;
  f.add(r);
  int n = 0;
  for (int i = 0; i < 3000; ++i) n += f.judge(of("GET", "/"), at(0s)).what == fault::reset ? 1 : 0;
  CHECK(n > 900);
  CHECK(n < 1100);
}

TEST_CASE("a restart is a window in which nothing listens") {
  faults f{seeded(1)};
  fault_rule r;
  r.what = fault::down, r.from = at(5s), r.until = at(8s);
  f.add(r);
  CHECK_FALSE(f.down(at(4s)));
  CHECK(f.down(at(5s)));
  CHECK(f.judge(of("GET", "/"), at(6s)).what == fault::down);
  CHECK_FALSE(f.down(at(8s)));
}
