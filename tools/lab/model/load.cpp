#include "tools/lab/model/load.hpp"

#include <cmath>
#include <utility>

namespace ebb::lab {

load::load(options o) : options_(std::move(o)), random_(options_.seed) { prepare(options_.from); }

std::optional<time_point> load::next_event() const {
  if (options_.per_second <= 0 || next_.arrives >= options_.until) return std::nullopt;
  return next_.arrives;
}

query_shape load::take() {
  auto q = next_;
  prepare(q.arrives);
  return q;
}

void load::prepare(time_point after) {
  // A Poisson stream: most of the time a few queries, now and then a crowd.
  const double gap = options_.per_second > 0 ? -std::log(1 - random_()) / options_.per_second : 0;
  next_.arrives = after + duration(static_cast<std::int64_t>(gap * 1e9));
  next_.fragments =
      options_.fragments_least + static_cast<int>(random_() * (options_.fragments_most - options_.fragments_least + 1));
  next_.lasts = options_.lasts.at(random_());
  next_.plan_delay = options_.plan_delay.at(random_());
  next_.seed = random_.next();
  next_.engine = options_.engine;
}

}  // namespace ebb::lab
