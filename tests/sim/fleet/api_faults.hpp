#pragma once
// What is to go wrong at an API server, as data: a rule says which requests it meets, when, how often and with which
// chance, and what happens to them. Delays of all rules that match add up; of the others the first that matches counts.
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/fleet/api_request.hpp"
#include "tests/support/sim/random.hpp"

namespace ebb::sim {

using namespace std::chrono_literals;

enum class api_fault {
  none,  // only the delay
  // no answer
  reset,        // the connection ends, not applied
  lost_answer,  // applied, and the connection ends
  silence,      // applied, and never answered
  // an answer in place of the right one, not applied
  too_many_text,  // 429 of an overload, as plain text
  too_many_json,  // 429 of a watch cache that is not ready
  unavailable,    // 503 of a server that ends
  internal,       // 500
  gone,           // 410 as a status
  conflict,       // 409, as if somebody else were always faster
  not_json,       // 200 with a page of HTML
  not_found,      // 404, or an empty list, although it is there
  // the right answer, spoilt
  cut,      // its first half
  rubbish,  // JSON, but nothing that means anything
  huge,     // an object of 5 MiB
  // of watches alone, once `lasts` has passed
  expired,       // ERROR 410
  too_large,     // ERROR 504
  error,         // ERROR 500
  ends,          // in order
  breaks,        // without its last chunk
  stalls,        // in the middle of a frame
  line_noise,    // a frame that is no JSON
  says_deleted,  // DELETED of everything that it selects, although it lives
};

bool of_watches_alone(api_fault f);

struct api_fault_rule {
  api_fault what = api_fault::none;
  std::string verb;      // empty: any
  std::string resource;  // empty: any
  std::string agent;     // the pod that the token names; empty: any
  rt::time_point from = rt::time_point::min();
  rt::time_point until = rt::time_point::max();
  std::size_t first = 1;  // of the matching requests, counted from 1
  std::size_t count = std::numeric_limits<std::size_t>::max();
  double chance = 1;
  rt::duration least{0}, most{0};       // a delay before the answer
  std::chrono::seconds retry_after{1};  // of too_many_… and unavailable
  rt::duration lasts{0};                // of watches: how long all is well, at most; drawn
};

struct api_verdict {
  api_fault what = api_fault::none;
  rt::duration takes{0};
  std::chrono::seconds retry_after{1};
  rt::duration lasts{0};
};

class api_faults {
 public:
  explicit api_faults(random draws) : random_(draws) {}

  void add(api_fault_rule rule) { rules_.push_back({std::move(rule), 0, 0}); }
  // Every kind that a server without malice has, each with this chance.
  void add_honest_ones(double chance, rt::time_point from, rt::time_point until);
  void clear() { rules_.clear(); }

  api_verdict judge(const api_request& r, std::string_view agent, rt::time_point now);
  random& draws() { return random_; }

  struct armed {
    api_fault_rule rule;
    std::size_t met = 0;   // matching requests in the window
    std::size_t done = 0;  // requests that it did something to
  };
  const std::vector<armed>& rules() const { return rules_; }

 private:
  random random_;
  std::vector<armed> rules_;
};

}  // namespace ebb::sim
