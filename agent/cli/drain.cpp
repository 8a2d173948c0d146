#include "agent/cli/drain.hpp"

#include <ostream>

#include "agent/cli/exit_codes.hpp"
#include "agent/cli/from_here.hpp"
#include "agent/cli/held_drain.hpp"
#include "agent/cli/progress.hpp"
#include "agent/cli/status_text.hpp"
#include "agent/cli/words.hpp"
#include "agent/core/state.hpp"

namespace ebb::cli {

namespace {

bool irrevocable(const status_view& v) {
  for (int i = 0; i < core::cause_count; ++i)
    if (const auto c = static_cast<core::cause>(i); core::irrevocable(c) && v.has_cause(core::name(c))) return true;
  return false;
}

std::string after_cancelling(const status_view& v) {
  if (!v.draining()) return ": the node is " + v.state;
  // Another cause keeps it, or the agent has not come to it yet.
  std::string others;
  for (const auto& cause : v.causes)
    others.append(others.empty() ? "; the node drains on because of " : ", ").append(cause);
  return others;
}

std::string end_text(int code, const status_view& v, bool waited) {
  if (!waited) {
    const auto mend = irrevocable(v) ? "it cannot be taken back: the node goes away" : "`ebb undrain` takes it back";
    return "the drain has begun; `ebb status --watch` follows it, " + std::string(mend);
  }
  if (v.ending()) return "the executor is being stopped: " + status_line(v);
  switch (code) {
    case done: return drained_text(v.deny_list.verified_ago.has_value());
    case cancelled: return "the drain was cancelled" + after_cancelling(v);
    default: return "the deadline has passed with work left: " + status_line(v) + "; the drain goes on";
  }
}

rt::task<int> from_here(context& c, drain_wish wish) {
  c.err << "ebb drain: no agent here: the node is drained from here\n";
  c.interrupt_note = "the entry stays on the deny list and nothing watches it; `ebb undrain` takes it off";
  progress_line line(c);
  auto end = co_await drain_from_here(c, wish, [&line](std::string_view text) { line.show(text); });
  line.clear();
  (end.code == done ? c.out : c.err) << "ebb drain: " << end.sentence << '\n';
  co_return end.code;
}

}  // namespace

rt::task<int> drain(context& c, drain_command asked) {
  drain_wish wish{"manual", asked.reason.empty() ? "ebb drain" : asked.reason, asked.force, asked.wait, asked.deadline};
  agent_client agent(c);
  c.interrupt_note = "the drain goes on; `ebb undrain` takes it back";
  progress_line line(c);
  auto a = co_await held_drain(c, agent, wish, [&line, &c](const status_view& v) {
    if (irrevocable(v)) c.interrupt_note = "the drain goes on, and cannot be taken back: the node goes away";
    line.show(status_line(v));
  });
  line.clear();
  if (a.how == reached::nobody) co_return co_await from_here(c, std::move(wish));
  if (!a.good() || !a.view) {
    c.err << "ebb drain: " << a.error << '\n';
    co_return failed;
  }
  const int code = drain_exit(a.status, asked.wait, *a.view, wish.cause);
  (code == done ? c.out : c.err) << "ebb drain: " << end_text(code, *a.view, asked.wait) << '\n';
  co_return code;
}

}  // namespace ebb::cli
