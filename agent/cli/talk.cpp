#include "agent/cli/talk.hpp"

#include <exception>
#include <ostream>

#include "agent/cli/check.hpp"
#include "agent/cli/drain.hpp"
#include "agent/cli/exit_codes.hpp"
#include "agent/cli/hook.hpp"
#include "agent/cli/status.hpp"
#include "agent/cli/take_back.hpp"
#include "agent/rt/within.hpp"

namespace ebb::cli {

namespace {

struct started {
  context& c;
  rt::task<int> operator()(const drain_command& x) const { return drain(c, x); }
  rt::task<int> operator()(const undrain_command&) const { return undrain(c); }
  rt::task<int> operator()(const stop_command&) const { return stop(c); }
  rt::task<int> operator()(const hook_command& x) const { return hook(c, x); }
  rt::task<int> operator()(const status_command& x) const { return status(c, x); }
  rt::task<int> operator()(const check_command& x) const { return check(c, x); }
  template <class Other>
  rt::task<int> operator()(const Other&) const {
    return nothing();
  }
  static rt::task<int> nothing() { co_return failed; }
};

}  // namespace

rt::task<int> talk(context& c, command asked) {
  try {
    co_return co_await std::visit(started{c}, asked);
  } catch (const std::exception& e) {
    if (rt::is_abort(std::current_exception())) throw;
    c.err << "ebb: internal error: " << e.what() << "; this is a bug\n";
  }
  co_return failed;
}

int after_interrupt(const context& c) {
  if (c.terminal) c.err << '\n';
  if (!c.interrupt_note.empty()) c.err << "interrupted: " << c.interrupt_note << '\n';
  return c.interrupt_code;
}

}  // namespace ebb::cli
