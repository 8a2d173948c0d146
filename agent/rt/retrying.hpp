#pragma once
// Tries again what failed for a passing reason, within a deadline and a budget.
#include <optional>
#include <type_traits>
#include <utility>

#include "agent/core/backoff.hpp"
#include "agent/core/token_bucket.hpp"
#include "agent/rt/deadline.hpp"
#include "agent/rt/random.hpp"

namespace ebb::rt {

// `attempt()` makes a task<result<T>>; `worth_retrying(const result<T>&)` says std::nullopt where the result is final,
// else the least pause that the server wished (zero: none). Returns the first final result, or the last one when the
// next attempt would come at or after `dl`: the cause is reported, not "timed out". The attempt has to keep to the
// deadline by itself. `bucket` and `random` outlive the call. What `attempt` throws is not retried.
template <class Attempt, class WorthRetrying>
auto retrying(core::token_bucket& bucket, random_source& random, core::backoff pause, deadline dl, Attempt attempt,
              WorthRetrying worth_retrying) -> std::invoke_result_t<Attempt&> {
  for (;;) {
    auto last = co_await attempt();
    const std::optional<duration> wish = worth_retrying(std::as_const(last));
    if (!wish) {
      if (last) bucket.success();
      co_return std::move(last);
    }
    auto due = dl.clock().now() + pause.next(random.unit(), *wish);
    for (;;) {
      if (due >= dl.at()) co_return std::move(last);
      co_await dl.clock().sleep_until(due);
      if (bucket.take(dl.clock().now())) break;
      due = bucket.free_at();
    }
  }
}

}  // namespace ebb::rt
