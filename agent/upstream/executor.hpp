#pragma once
// The executor's own admin port: whether it is live, and how many fragments it runs.
//
// Its server has a backlog of one: one connection, at most one request a second, a deadline on the whole request.
#include <optional>
#include <string>
#include <vector>

#include "agent/core/judge.hpp"
#include "agent/upstream/upstream.hpp"

namespace ebb::upstream {

enum class live_answer : unsigned char {
  live,      // 200: it has registered with the cluster
  not_live,  // an answer that is no 200
  refused,   // nobody listens: not yet started, or stopping already
  unknown,   // a time-out or a broken connection
};

struct live_look {
  live_answer answer = live_answer::unknown;
  std::string error;  // one line; empty when live
};

struct load_look {
  core::sample sample;    // `at` is left to the caller
  std::string metric;     // the gauge that was found; empty: none
  bool answered = false;  // a page came at all
};

// A sample may carry a time of its own. One that is further than this from the page's is of another moment.
constexpr std::chrono::seconds sample_age_limit(60);
constexpr rt::duration executor_timeout = std::chrono::seconds(5);

class executor_port {
 public:
  explicit executor_port(upstream& server) : server_(server) {}

  void configure(const config::executor_settings& settings) { metrics_ = settings.metrics; }

  rt::task<live_look> look_live(rt::deadline dl);
  rt::task<load_look> look_load(rt::deadline dl);

 private:
  upstream& server_;
  std::vector<std::string> metrics_;
};

// What a page of /metrics says of the load. `names` are tried in their order; the first that is there counts. None is
// unknown, and so is one that holds no count, or one whose timestamp is further than sample_age_limit from `now`, the
// time of the page.
load_look read_load(const std::vector<std::string>& names, std::string_view page, bool ended_by_close,
                    rt::wall_time now);

}  // namespace ebb::upstream
