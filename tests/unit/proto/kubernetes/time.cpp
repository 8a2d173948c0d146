#include "proto/kubernetes/time.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::kubernetes;
using namespace std::chrono_literals;

TEST_CASE("a time of Kubernetes is RFC 3339, with its zone and its seconds") {
  const time_point expected = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 10h + 56min + 9s;
  CHECK(parse_time("2026-11-24T10:56:09Z") == expected);
  CHECK(parse_time("2026-11-24T11:56:09+01:00") == expected);
  CHECK(parse_time("2026-11-24T10:56:09.0019Z") == expected + 1ms);
  CHECK(parse_time("9999-12-31T23:59:59Z").has_value());
  for (const char* bad : {"", "2026-11-24T10:56:09", "2026-11-24T10:56Z", "2026-11-24T11:56:09+0100", "2026-11-24",
                          "2026-11-24T10:56:09+01", "2026-02-30T10:56:09Z", "1795517769", "2026-11-24 10:56:09Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad));
  }
}

TEST_CASE("a MicroTime has exactly six digits of a second") {
  const micro_time midnight = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  CHECK(write_micro_time(midnight) == "2026-01-02T00:00:00.000000Z");
  CHECK(write_micro_time(midnight + 3h + 4min + 5s + 60us) == "2026-01-02T03:04:05.000060Z");
  CHECK(write_micro_time(micro_time(-1us)) == "1969-12-31T23:59:59.999999Z");
  CHECK(write_micro_time(micro_time::max()) == "9999-12-31T23:59:59.999999Z");
  CHECK(write_micro_time(micro_time::min()) == "0000-01-01T00:00:00.000000Z");
}

TEST_CASE("a MicroTime survives writing and reading") {
  const micro_time time(1795517769123456us);
  CHECK(write_micro_time(time) == "2026-11-24T10:56:09.123456Z");
  CHECK(parse_micro_time(write_micro_time(time)) == time);
  CHECK(parse_micro_time("2026-11-24T11:56:09.123456+01:00") == time);
  CHECK_FALSE(parse_micro_time("0000-01-01T00:00:00.000000+00:01"));
}
