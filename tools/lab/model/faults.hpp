#pragma once
// What is to go wrong, as data: a rule says which calls it meets, when, how often and with which chance, and what
// happens to them. Delays of all rules that match add up; of the others the first that matches counts.
#include <string>
#include <vector>

#include "tools/lab/model/exchange.hpp"

namespace ebb::lab {

enum class fault {
  none,
  reset,        // closed without an answer, not applied
  lost_answer,  // applied, then closed without an answer
  silence,      // applied, and never answered
  status,       // answered with `status` and `body`, not applied
  not_json,     // 200 with a page of HTML, not applied
  down,         // nothing listens: connections are refused
};

struct fault_rule {
  std::string method;       // empty: any
  std::string path_prefix;  // empty: any
  time_point from = time_point::min();
  time_point until = time_point::max();
  std::size_t first = 1;  // of the matching calls, counted from 1
  std::size_t count = std::numeric_limits<std::size_t>::max();
  double chance = 1;
  fault what = fault::none;  // none: only the delay
  span before;               // until the call is applied
  span after;                // from then to the answer
  unsigned status = 503;
  std::string content_type = "application/json";
  std::string body = R"({"errorMessage":"Something went wrong.","moreInfo":""})";
};

struct verdict {
  fault what = fault::none;
  duration before{0};
  duration after{0};
  answer instead;  // of status and not_json
};

class faults {
 public:
  explicit faults(draw random) : random_(std::move(random)) {}

  void add(fault_rule rule) { rules_.push_back({std::move(rule), 0, 0}); }
  void clear() { rules_.clear(); }

  verdict judge(const call& c, time_point now);
  bool down(time_point now) const;

  struct armed {
    fault_rule rule;
    std::size_t met = 0;   // matching calls in the window
    std::size_t done = 0;  // calls that it did something to
  };
  const std::vector<armed>& rules() const { return rules_; }

 private:
  draw random_;
  std::vector<armed> rules_;
};

}  // namespace ebb::lab
