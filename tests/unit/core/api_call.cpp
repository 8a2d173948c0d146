#include "agent/core/api_call.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::core;

TEST_CASE("what the API server answers is worth one thing each") {
  struct row {
    unsigned status;
    api_outcome is;
  };
  for (const auto& r : std::vector<row>{{200, api_outcome::ok},
                                        {201, api_outcome::ok},
                                        {0, api_outcome::retry},
                                        {101, api_outcome::retry},
                                        {302, api_outcome::retry},
                                        {400, api_outcome::refused},
                                        {401, api_outcome::token},
                                        {403, api_outcome::forbidden},
                                        {404, api_outcome::missing},
                                        {408, api_outcome::retry},
                                        {409, api_outcome::conflict},
                                        {410, api_outcome::gone},
                                        {415, api_outcome::refused},
                                        {422, api_outcome::refused},
                                        {429, api_outcome::retry},
                                        {500, api_outcome::retry},
                                        {503, api_outcome::retry},
                                        {504, api_outcome::retry},
                                        {999, api_outcome::retry}}) {
    INFO(r.status);
    CHECK(judge_api_status(r.status) == r.is);
  }
}

TEST_CASE("pauses double from 0.8 s to 30 s, each in the upper half, and are forgotten after two minutes") {
  api_pause p;
  time_point now(1000s);
  for (duration expected : {800ms, 1600ms, 3200ms, 6400ms, 12800ms, 25600ms, 30000ms, 30000ms}) {
    const auto d = p.next(now, 0.0, api_outcome::retry);
    CHECK(d == expected);
    now += d;
  }
  CHECK(p.next(now, 0.5, api_outcome::retry) == 45s);
  CHECK(p.next(now + 45s + 120s, 0.0, api_outcome::retry) == 800ms);
}

TEST_CASE("a missing right is asked for once a minute at most, and a server's wish is kept for a minute at most") {
  CHECK(api_pause().next(time_point(1s), 0.0, api_outcome::forbidden) == 60s);
  CHECK(api_pause().next(time_point(1s), 0.0, api_outcome::refused) == 60s);
  CHECK(api_pause().next(time_point(1s), 0.0, api_outcome::retry, 32s) == 32s);
  CHECK(api_pause().next(time_point(1s), 0.0, api_outcome::retry, 3600s) == 60s);
}
