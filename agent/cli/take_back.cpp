#include "agent/cli/take_back.hpp"

#include <ostream>

#include "agent/cli/call.hpp"
#include "agent/cli/exit_codes.hpp"
#include "agent/cli/from_here.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;

namespace {

constexpr rt::duration patience_of_a_person = 60s;

}  // namespace

rt::task<int> undrain(context& c) {
  agent_client agent(c);
  // One that is being replaced goes on with the drain, and would make the entry again.
  auto a = co_await agent.patient_post("/undrain", rt::deadline::after(c.clock, agent_comes_back));
  if (a.how == reached::nobody) {
    c.err << "ebb undrain: no agent here: the entry is taken off from here\n";
    auto end = co_await undrain_from_here(c, patience_of_a_person);
    (end.code == done ? c.out : c.err) << "ebb undrain: " << end.sentence << '\n';
    co_return end.code;
  }
  const bool foreign = a.good() && a.view && a.view->deny_list.foreign;
  const int code = foreign ? refused : undrain_exit(a.status);
  if (foreign)
    c.err << "ebb undrain: the drain is cancelled, but the node stays on the deny list: the entry is somebody else's; "
             "take it off there (Dremio: Settings, Node Activity)\n";
  else if (code == done)
    c.out << "ebb undrain: cancelled; the agent takes the node off the deny list\n";
  else
    c.err << "ebb undrain: " << a.error << '\n';
  co_return code;
}

rt::task<int> stop(context& c) {
  agent_client agent(c);
  auto a = co_await agent.patient_post("/stop", rt::deadline::after(c.clock, agent_comes_back));
  const int code = stop_exit(a.status);
  if (code == done)
    c.out << "ebb stop: the executor is being stopped\n";
  else
    c.err << "ebb stop: " << a.error << '\n';
  co_return code;
}

}  // namespace ebb::cli
