#include "agent/cli/held_drain.hpp"

#include <boost/asio/this_coro.hpp>

#include "agent/http/url.hpp"
#include "agent/rt/nursery.hpp"
#include "config/duration.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;

namespace {

constexpr rt::duration look_every = 1s;
constexpr int most_attempts = 3;            // to begin a drain that is not waited for
constexpr rt::duration answer_slack = 10s;  // an agent that answers in time is not given up a moment too early

struct wait {
  context& c;
  agent_client& agent;
  const drain_wish& wish;
  const std::function<void(const status_view&)>& progress;
  rt::deadline end;  // of the wait
  answer last;
  std::optional<status_view> seen;
};

rt::task<> hold(wait& w, rt::nursery& both) {
  const auto left = w.wish.limit ? std::optional(w.end.left()) : std::nullopt;
  auto dl = rt::deadline::after(w.c.clock, drain_call_timeout);
  if (w.wish.wait) dl = left ? rt::deadline::after(w.c.clock, *left + answer_slack) : rt::deadline::never(w.c.clock);
  w.last = co_await w.agent.post(drain_target(w.wish, left), dl);
  both.cancel();
}

rt::task<> watch(wait& w) {
  for (;;) {
    co_await w.c.clock.sleep_for(look_every);
    const auto a = co_await w.agent.status(rt::deadline::never(w.c.clock));
    if (!a.view) continue;
    w.seen = a.view;
    if (w.progress) w.progress(*a.view);
  }
}

rt::task<> once(wait& w) {
  rt::nursery both(co_await rt::asio::this_coro::executor);
  if (w.wish.wait) both.spawn(watch(w));
  both.spawn(hold(w, both));
  co_await both.join();
}

}  // namespace

std::string drain_target(const drain_wish& wish, std::optional<rt::duration> left) {
  auto target = "/drain?cause=" + wish.cause;
  if (!wish.reason.empty()) target += "&reason=" + http::percent_encode(wish.reason);
  if (wish.force) target += "&force=true";
  if (wish.wait) target += "&wait=true";
  if (wish.wait && left)
    target += "&deadline=" + config::format_duration(std::chrono::ceil<std::chrono::milliseconds>(*left));
  return target;
}

rt::task<answer> held_drain(context& c, agent_client& agent, drain_wish wish,
                            std::function<void(const status_view&)> progress) {
  const auto never = rt::deadline::never(c.clock);
  wait w{c, agent, wish, progress, wish.limit ? never.sooner(*wish.limit) : never, {}, std::nullopt};
  for (int attempts = 1;; ++attempts) {
    co_await once(w);
    if (w.last.how == reached::answered) co_return w.last;
    if (!w.seen && !c.resident() && (w.last.how == reached::nobody || !wish.wait)) co_return w.last;
    if (!wish.wait && attempts == most_attempts) {
      w.last.how = reached::lost;
      co_return w.last;
    }
    // The agent went away under the call: with the executor, or to be replaced.
    const auto patience = rt::deadline::after(c.clock, agent_comes_back);
    auto again = co_await agent.patient_status(wish.limit ? patience.sooner(w.end.left() + answer_slack) : patience);
    if (!again.view) {
      if (w.seen && w.seen->ending()) {
        again.how = reached::answered;
        again.status = 200;
        again.view = w.seen;
        again.error.clear();
      }
      co_return again;
    }
    const bool begun = w.seen && w.seen->has_cause(wish.cause);
    w.seen = again.view;
    if (again.view->ending() || (begun && !again.view->has_cause(wish.cause))) co_return again;
  }
}

}  // namespace ebb::cli
