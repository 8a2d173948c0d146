#include "agent/cli/status.hpp"

#include <ostream>

#include "agent/cli/call.hpp"
#include "agent/cli/exit_codes.hpp"
#include "agent/cli/status_text.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;

namespace {

constexpr rt::duration redraw_every = 1s;

// Overwrites the last screen instead of clearing it first, which would flicker.
std::string redrawn(const std::string& text) {
  std::string out = "\x1b[H";
  for (char ch : text) {
    if (ch == '\n') out += "\x1b[K";
    out += ch;
  }
  return out + "\x1b[J";
}

rt::task<int> follow(context& c, agent_client& agent, bool json, answer first) {
  std::string told;
  std::optional<status_view> last;
  if (c.terminal && !json) c.out << "\x1b[2J";
  for (auto a = std::move(first);; a = co_await agent.status(rt::deadline::never(c.clock))) {
    if (a.view) last = a.view;
    c.interrupt_code = last ? status_exit(*last) : failed;
    if (json) {
      if (a.view) c.out << a.body;
    } else if (c.terminal) {
      const look l{c.colour, true};
      c.out << redrawn((last ? status_screen(*last, c.clock.wall_now(), l) : std::string()) +
                       (a.view ? std::string() : "\n" + a.error + "\n"));
    } else if (auto line = a.view ? status_line(*a.view) : a.error; line != told) {
      c.out << line << '\n';
      told = std::move(line);
    }
    c.out.flush();
    if (!c.out) co_return c.interrupt_code;  // nobody reads any more
    // A node that was going away, and whose agent is gone, has gone.
    if (!a.view && last && last->ending()) co_return failed;
    co_await c.clock.sleep_for(redraw_every);
  }
}

}  // namespace

rt::task<int> status(context& c, status_command asked) {
  agent_client agent(c);
  auto a = co_await agent.status(rt::deadline::never(c.clock));
  if (!a.good() || !a.view) {
    c.err << "ebb status: " << a.error << '\n';
    co_return failed;
  }
  if (asked.watch) co_return co_await follow(c, agent, asked.json, std::move(a));
  if (asked.json)
    c.out << a.body;
  else
    c.out << status_screen(*a.view, c.clock.wall_now(), {c.colour, false});
  co_return status_exit(*a.view);
}

}  // namespace ebb::cli
