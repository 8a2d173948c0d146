#pragma once
// Idle is a judgement, not a sample: when there is good evidence that no fragment is left on this node.
//
// Three values: idle, busy(n), unknown. Unknown is never zero and never releases the executor.
#include <optional>
#include <string>

#include "agent/core/time.hpp"

namespace ebb::core {

enum class load : unsigned char { idle, busy, unknown };
enum class source : unsigned char { scrape, prometheus };
std::string_view name(source s);

struct sample {
  time_point at{};  // its place on the grid of polls; of a stand-in from Prometheus, its own time
  load value = load::unknown;
  double fragments = 0;  // of a busy one
  source from = source::scrape;
  std::string why;                     // of an unknown one, for people
  std::optional<double> open_queries;  // started minus ended, where the executor has the counters
};

// The number of fragments for people and counters. A part of one is one: it keeps the executor all the same.
std::uint64_t whole_fragments(double fragments);

// What the deny list contributes to the judgement.
enum class list_rule : unsigned char {
  enforced,     // rules 1 to 3 hold
  unavailable,  // an edition without the list, or no right to it: the metric alone decides
  unreachable,  // the coordinator was waited for long enough: the metric alone decides, over a longer window
};

struct judge_rules {
  duration settle = 10s;  // least time between the verified entry and the release
  duration quiet = 3s;    // zeros over at least this long …
  int samples = 3;        // … and at least so many
  duration poll = 1s;
  duration lonely_quiet = 30s;  // instead of quiet, while the coordinator is unreachable
};

// A run of zeros with a longer hole in it (the agent was stopped, the machine slept) starts anew: nothing is known
// about the hole. drain.poll is below it by the schema.
constexpr duration longest_gap = 10s;

// Two counters may drift apart, so they delay a release by at most this much.
constexpr duration counters_patience = 60s;

struct verdict {
  bool idle = false;     // rules 1, 2 and 4 hold; with an enforced list a read-back (rule 3) is due before the release
  int zeros = 0;         // length of the present run of zeros
  duration idle_for{0};  // and its span
  std::string waiting_for;        // "settle: 4.2 s left"; empty when idle
  bool counters_gave_up = false;  // rule 4 was waived after counters_patience
};

class idle_judge {
 public:
  // A drain begins: the evidence of an earlier one does not count. `baseline`: the lowest difference of started and
  // ended queries seen while serving at zero fragments.
  void begin(std::optional<double> baseline);

  void add(const sample& s);

  // Prometheus saw `fragments` at `at`. Later than the first local zero it is a veto; an older one is no news.
  // Returns whether it was one.
  bool veto(time_point at, double fragments);

  // Since when the entry is known to have been there without a loss; nothing: it is not known to be there.
  void entry(std::optional<time_point> verified_since) { verified_since_ = verified_since; }

  verdict decide(time_point now, const judge_rules& rules, list_rule list);

  const std::optional<sample>& last() const { return last_; }
  std::optional<time_point> last_zero() const { return zeros_ > 0 ? std::optional(run_end_) : std::nullopt; }

 private:
  std::optional<time_point> verified_since_;
  std::optional<double> baseline_;
  std::optional<sample> last_;
  int zeros_ = 0;
  time_point run_begin_{}, run_end_{};
  std::optional<time_point> counters_since_;  // since when nothing but rule 4 has been missing
};

}  // namespace ebb::core
