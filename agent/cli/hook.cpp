#include "agent/cli/hook.hpp"

#include <ostream>

#include "agent/cli/exit_codes.hpp"
#include "agent/cli/from_here.hpp"
#include "agent/cli/held_drain.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;

namespace {

// A postStart that fails has its container killed, and one that does not return keeps the pod from being stopped.
constexpr rt::duration patience_after_start = 10min;

int told(context& c, std::string_view action, const outcome& end) {
  (end.code == done ? c.out : c.err) << "ebb hook -a " << action << ": " << end.sentence << '\n';
  return end.code == done ? done : failed;
}

// The pod will be stopped whatever is answered, so that the last node of an engine is denied like any other.
rt::task<int> add(context& c) {
  const drain_wish wish{"hook", "ebb hook -a add", true, true, std::nullopt};
  agent_client agent(c);
  auto a = co_await held_drain(c, agent, wish, nullptr);
  if (a.how == reached::nobody) {
    c.interrupt_note = "the entry stays on the deny list; `ebb hook -a remove` takes it off";
    const auto end = co_await drain_from_here(c, wish, nullptr);
    co_return told(c, "add", end);
  }
  if (!a.good() || !a.view) co_return told(c, "add", {failed, a.error});
  const int code = drain_exit(a.status, true, *a.view, wish.cause);
  if (code == done) co_return told(c, "add", {done, "the node may be stopped"});
  co_return told(c, "add", {code, code == cancelled ? "the drain was cancelled" : "work is left on the node"});
}

rt::task<int> remove(context& c) {
  agent_client agent(c);
  const auto a = co_await agent.post("/undrain?cause=hook", rt::deadline::after(c.clock, call_timeout));
  if (a.how == reached::answered || c.resident())
    co_return told(c, "remove", {done, "the agent takes the node off the deny list by itself"});
  auto end = co_await undrain_from_here(c, patience_after_start);
  // To fail here would have the container killed again and again, and there is nothing that could be taken off.
  if (end.no_list) end.code = done;
  co_return told(c, "remove", end);
}

}  // namespace

rt::task<int> hook(context& c, hook_command asked) {
  if (asked.action == hook_action::add) co_return co_await add(c);
  co_return co_await remove(c);
}

}  // namespace ebb::cli
