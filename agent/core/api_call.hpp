#pragma once
// What an answer of the Kubernetes API server means (the table of the wire contract), and how long to pause after it.
#include "agent/core/time.hpp"

namespace ebb::core {

enum class api_outcome : unsigned char {
  ok,
  retry,      // no answer, 429, 5xx, whatever makes no sense: with back-off, Retry-After honoured
  token,      // 401: read the token again; with the same one only later
  forbidden,  // 403: a rule of RBAC is missing; asked again each minute
  missing,    // 404
  conflict,   // 409: somebody else was faster
  gone,       // 410: the resource version is too old; list again
  refused,    // 400, 422 and the like: ours to mend, asked again each minute
};

// `status`: of HTTP, or the code of a Status inside a watch; 0: no answer.
api_outcome judge_api_status(unsigned status);

// Pauses between two lists or watches, as client-go makes them: 0.8 s doubling to 30 s, each in [d, 2d), anew after two
// minutes without one.
class api_pause {
 public:
  static constexpr duration first = 800ms;
  static constexpr duration longest = 30s;
  static constexpr duration forgotten_after = 120s;
  static constexpr duration without_right = 60s;  // at least, after `forbidden` and `refused`

  // `unit` is uniform in [0, 1); `wish`: what the server asked for, at most a minute of it.
  duration next(time_point now, double unit, api_outcome why, duration wish = duration::zero());

 private:
  unsigned failures_ = 0;
  time_point last_{};
};

}  // namespace ebb::core
