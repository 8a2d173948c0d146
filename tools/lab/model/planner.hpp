#pragma once
// Spreads each query's fragments over the executors that are registered and, as far as the planner knows by now, not
// denied. A plan that was made keeps its nodes. When a node of it vanishes before its fragments have ended, the query
// is lost, as Dremio loses it, and its other fragments are cancelled. Every query and fragment is on record.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/model/deny_list.hpp"
#include "tools/lab/model/load.hpp"
#include "tools/lab/model/registry.hpp"

namespace ebb::lab {

enum class outcome { running, finished, lost, refused };  // refused: no executor was left to plan on

struct query_record {
  std::uint64_t id = 0;
  time_point planned;
  time_point ended;  // of all but running
  outcome end = outcome::running;
  std::string reason;  // of lost and refused, in Dremio's words
  std::string node;    // that lost it
};

struct fragment_record {
  std::uint64_t id = 0;
  std::uint64_t query = 0;
  std::string node;
  time_point from;   // when it started, or would have
  time_point until;  // when it ended; while it has not, time_point::max()
  duration lasts{0};
  bool started = false;
};

class planner {
 public:
  planner(const registry& nodes, const deny_list& denied) : nodes_(nodes), denied_(denied) {}
  planner(const planner&) = delete;
  planner& operator=(const planner&) = delete;

  void submit(const query_shape& q, time_point now);

  // What the executors are to be told by now, in order.
  struct order {
    enum class kind { start, cancel } what;
    std::uint64_t fragment;
    std::string node;
    duration lasts;
  };
  std::vector<order> due(time_point now);
  std::optional<time_point> next_event() const;  // when due() has something to say

  void fragment_done(std::uint64_t fragment, time_point now);
  // The node has left or died: all of its pending fragments take their queries with them.
  void node_gone(std::string_view node, time_point now);
  // One fragment could not be started, or its connection broke.
  void fragment_failed(std::uint64_t fragment, time_point now);

  const std::vector<query_record>& queries() const { return queries_; }
  const std::vector<fragment_record>& fragments() const { return fragments_; }
  int pending_on(std::string_view node) const;  // planned or running there
  std::size_t count(outcome o) const { return counts_[static_cast<std::size_t>(o)]; }

 private:
  std::vector<std::string> choose(const query_shape& q, time_point now) const;
  void lose(std::uint64_t query, const std::string& node, time_point now);
  void close(fragment_record& f, time_point now);
  void end(query_record& q, outcome o, time_point now);

  const registry& nodes_;
  const deny_list& denied_;
  std::vector<query_record> queries_;                         // index = id
  std::vector<fragment_record> fragments_;                    // index = id
  std::map<std::uint64_t, std::vector<std::uint64_t>> open_;  // pending fragments of each running query
  std::multimap<time_point, std::uint64_t> starts_;
  std::vector<order> cancels_;
  std::size_t counts_[4] = {};
};

}  // namespace ebb::lab
