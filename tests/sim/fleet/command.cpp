#include "tests/sim/fleet/command.hpp"

#include <optional>
#include <sstream>
#include <utility>

#include "agent/cli/talk.hpp"
#include "tests/sim/fleet/container.hpp"

namespace ebb::sim {

namespace {

config::loaded loaded_as(const config::settings& s) {
  config::loaded l;
  l.values = s;
  return l;
}

}  // namespace

struct command::state {
  state(container& in, cli::command what, std::optional<cli::resident> who)
      : asked(std::move(what)),
        context{.clock = in.client().clock(),
                .network = in.client().net(),
                .files = in.client().files(),
                .random = in.client().random(),
                .names = in.client().names(),
                .loaded = loaded_as(in.settings),
                .env = {},
                .version = "sim",
                .commit = "sim",
                .look_for_resident = [who = std::move(who)] { return who; },
                .out = out,
                .err = err},
        began(in.client().home().now()),
        home(in.client().home()) {}

  cli::command asked;
  std::ostringstream out, err;
  cli::context context;
  rt::time_point began;
  world& home;
  std::optional<int> code;
  std::optional<rt::time_point> ended_at;
  job* runs = nullptr;
};

command::command(container& in, cli::command asked, std::optional<cli::resident> who)
    : state_(std::make_shared<state>(in, std::move(asked), std::move(who))) {
  state_->runs = &in.client().try_spawn(run(state_));
}

// As the program itself runs it: a command that is cancelled unwinds, and the exit code is that of an interruption.
rt::task<> command::run(std::shared_ptr<state> s) {
  s->code = co_await cli::talk(s->context, s->asked);
  s->ended_at = s->home.now();
}

void command::interrupt() {
  state_->runs->cancel();
  (void)ends_within(state_->home, *this, 1s);
  if (state_->runs->done() && !state_->code) {
    state_->code = cli::after_interrupt(state_->context);
    state_->ended_at = state_->home.now();
  }
}

bool command::ended() const { return state_->runs->done(); }
int command::code() const { return state_->code.value(); }
rt::duration command::took() const { return state_->ended_at.value() - state_->began; }
rt::time_point command::began() const { return state_->began; }
std::string command::out() const { return state_->out.str(); }
std::string command::err() const { return state_->err.str(); }

bool ends_within(world& w, const command& c, rt::duration limit) {
  return w.run_while_not([&] { return c.ended(); }, limit);
}

}  // namespace ebb::sim
