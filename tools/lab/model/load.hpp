#pragma once
// Queries that arrive by chance but are settled by the seed alone: when, how many fragments, how long, how late the
// plan starts and how its nodes are chosen. Nothing that happens in the cluster changes the stream.
#include <optional>
#include <string>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

struct query_shape {
  time_point arrives;
  int fragments = 1;
  duration lasts{0};       // the longest fragment; the others need between half of it and all of it
  duration plan_delay{0};  // from the choice of nodes to the first fragment
  std::uint64_t seed = 0;  // of the choice of nodes
  std::string engine;      // empty: any
};

class load {
 public:
  struct options {
    double per_second = 10;
    int fragments_least = 1;
    int fragments_most = 4;
    span lasts{200ms, 3s};
    span plan_delay{0ms, 2s};
    time_point from{};
    time_point until = time_point::max();
    std::string engine;
    std::uint64_t seed = 1;
  };
  explicit load(options o);

  // When the next query arrives; nothing when the load is over.
  std::optional<time_point> next_event() const;
  query_shape take();  // the next query; only while next_event() has a value

 private:
  void prepare(time_point after);

  options options_;
  seeded random_;
  query_shape next_;
};

}  // namespace ebb::lab
