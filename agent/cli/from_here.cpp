#include "agent/cli/from_here.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <ostream>

#include "agent/app/parts.hpp"
#include "agent/cli/exit_codes.hpp"
#include "agent/cli/words.hpp"
#include "agent/pod/pinned_name.hpp"
#include "agent/rt/nursery.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;
using keeper::availability;

namespace {

constexpr rt::duration name_patience = 20s;
constexpr rt::duration entry_patience = 60s;  // of a drain that is not waited for
constexpr rt::duration log_out_patience = 2s;
// A list that many write may lose an entry; one that is lost so often is taken off by somebody who means it.
constexpr std::uint32_t losses_of_chance = 2;

// There is no init: nothing is ever signalled, nothing is kept.
class no_init final : public rt::supervisor {
 public:
  rt::task<rt::result<pair::record>> receive() override { co_return rt::error_code(rt::asio::error::eof); }
  rt::result<void> send(const pair::record&) override { return {}; }
};

class stream_sink final : public rt::log_sink {
 public:
  explicit stream_sink(std::ostream& to) : to_(to) {}
  bool write(std::string_view line) override {
    to_ << line;
    to_.flush();
    return to_.good();
  }

 private:
  std::ostream& to_;
};

// Everything of the agent but its loop with init.
struct here {
  here(context& context_, config::settings settings, rt::asio::any_io_executor ex)
      : c(context_),
        sink(c.err),
        log(sink, c.clock),
        world{c.clock,
              c.network,
              c.files,
              c.random,
              c.names,
              init,
              log,
              [this] { return c.loaded; },
              [] { return probes::process_facts{}; },
              pod::pinned_name_of(c.env),
              c.version,
              c.commit},
        parts(world, std::move(settings), ex),
        duties(ex) {
    // Whether it lives is not asked: an executor that cannot be measured is one whose load is unknown.
    parts.node.executor.was_live = true;
  }

  // Runs `body` beside the duties that every command needs. The body cancels them at its end.
  rt::task<outcome> run(rt::task<> body) {
    duties.spawn(parts.keeper.run());
    duties.spawn(app::find_name(parts));
    duties.spawn(std::move(body));
    co_await duties.join();
    co_return std::move(end);
  }

  rt::task<> finish(int code, std::string sentence) {
    end = {code, std::move(sentence), list().available == availability::unavailable};
    co_await parts.dremio.log_out(rt::deadline::after(c.clock, log_out_patience));
    duties.cancel();
  }

  rt::task<bool> knows_name(rt::deadline limit) {
    const auto dl = limit.sooner(name_patience);
    while (parts.node.name.empty() && !dl.passed()) co_await parts.node.changed.wait(dl);
    co_return !parts.node.name.empty();
  }

  const keeper::view& list() const { return parts.keeper.see(); }
  bool list_is_out_of_reach() const {
    const auto a = list().available;
    return a == availability::off || a == availability::unavailable || a == availability::rejected;
  }
  std::string name() const { return parts.node.name; }

  context& c;
  no_init init;
  stream_sink sink;
  rt::logger log;
  app::world world;
  app::parts parts;
  rt::nursery duties;
  outcome end;
};

std::string no_name(const here& h) {
  const auto& why = h.parts.node.name_error;
  return why.empty() ? "the node's name is not known; set dremio.node_name" : why;
}

std::string taken_off_again(const here& h) {
  return "somebody takes " + h.name() + " off the deny list again and again (" + std::to_string(h.list().lost) +
         " times): an agent that cannot be seen from here, a script or a person; run the command where the agent is, "
         "or "
         "end what takes it off";
}

rt::task<> wait_for_entry(here& h) {
  auto& keeper = h.parts.keeper;
  const auto dl = rt::deadline::after(h.c.clock, entry_patience);
  keeper.set_wish(core::wish::denied);
  while (!h.list().verified_since && !h.list_is_out_of_reach() && !dl.passed()) co_await keeper.changed().wait(dl);
}

rt::task<> make_entry(here& h, bool force) {
  const auto never = rt::deadline::never(h.c.clock);
  if (!co_await h.knows_name(never)) co_return co_await h.finish(failed, no_name(h));
  if (!force && co_await h.parts.ask_last_node(never) == core::last_node::yes)
    co_return co_await h.finish(failed, std::string(core::last_node_refusal));
  co_await wait_for_entry(h);
  if (!h.list().verified_since) co_return co_await h.finish(failed, "the entry could not be made: " + h.list().error);
  co_await h.finish(done, h.name() +
                              " is on the deny list, verified. Nothing watches the entry from now on, and nobody "
                              "waits for running work; `ebb drain --wait` does both");
}

struct judged {
  here& h;
  drain_wish wish;
  std::function<void(std::string_view)> progress;
};

rt::task<> drain_and_judge(judged& j) {
  auto& h = j.h;
  auto& node = h.parts.node;
  const bool by_hook = j.wish.cause == "hook";
  auto limit = rt::deadline::never(h.c.clock);
  if (j.wish.limit) limit = limit.sooner(*j.wish.limit);
  if (by_hook) {
    // What follows a preStop hook cannot be withdrawn, and the pod's grace runs already: nothing is waited for first.
    node.life.first_irrevocable = h.c.clock.now();
    limit = limit.sooner(core::plan_drain(drain::plan_facts_of(node)).stop_at);
  } else if (!co_await h.knows_name(limit)) {
    h.c.err << no_name(h) << '\n';
  }
  if (!j.wish.force && co_await h.parts.ask_last_node(limit) == core::last_node::yes)
    co_return co_await h.finish(failed, std::string(core::last_node_refusal));

  h.parts.journal.join(by_hook ? core::cause::hook : core::cause::manual, j.wish.reason, h.c.clock.now());
  h.duties.spawn(h.parts.dremio.stay_logged_in());
  h.duties.spawn(h.parts.life_cycle.run());
  h.duties.spawn(h.parts.watch.run());
  while (node.life.phase != core::phase::drained && !limit.passed()) {
    // What a hook is called for happens whatever it answers: as long as it has time, it defends the entry.
    if (!by_hook && h.list().lost > losses_of_chance) co_return co_await h.finish(failed, taken_off_again(h));
    if (j.progress && !node.verdict.waiting_for.empty()) j.progress("waiting for " + node.verdict.waiting_for);
    co_await node.changed.wait(limit);
  }
  if (node.life.phase == core::phase::drained)
    co_return co_await h.finish(done, drained_text(h.list().verified_since.has_value()));
  co_await h.finish(not_yet, "time is up with work left: " + node.verdict.waiting_for);
}

rt::task<> take_off(here& h, rt::duration patience) {
  if (h.list().available == availability::off)
    co_return co_await h.finish(failed, "there is no deny list to ask: set dremio.url (or DREMIO_URL)");
  const auto dl = rt::deadline::after(h.c.clock, patience);
  if (!co_await h.knows_name(dl)) co_return co_await h.finish(failed, no_name(h));
  auto& keeper = h.parts.keeper;
  keeper.set_wish(core::wish::allowed);
  while (!h.list().confirmed && !h.list_is_out_of_reach() && !dl.passed()) co_await keeper.changed().wait(dl);
  if (h.list().confirmed)
    co_return co_await h.finish(
        done, h.name() + (h.list().writes > 0 ? " is off the deny list, verified twice" : " was not on the deny list"));
  co_await h.finish(failed, "the entry could not be taken off: " +
                                (h.list().error.empty() ? "somebody puts it back again and again" : h.list().error));
}

}  // namespace

rt::task<outcome> drain_from_here(context& c, drain_wish wish, std::function<void(std::string_view)> progress) {
  auto settings = c.settings();
  // A person sees the progress; a hook has nothing but its log.
  if (wish.cause != "hook") settings.log.level = config::log_level::warning;
  here h(c, std::move(settings), co_await rt::asio::this_coro::executor);
  if (!wish.wait) co_return co_await h.run(make_entry(h, wish.force));
  judged j{h, std::move(wish), std::move(progress)};
  co_return co_await h.run(drain_and_judge(j));
}

rt::task<outcome> undrain_from_here(context& c, rt::duration patience) {
  auto settings = c.settings();
  settings.log.level = config::log_level::warning;
  // Whoever asks wants it off, also when it is back while that is still being verified.
  settings.dremio.reclaim = std::chrono::ceil<std::chrono::milliseconds>(patience);
  here h(c, std::move(settings), co_await rt::asio::this_coro::executor);
  co_return co_await h.run(take_off(h, patience));
}

}  // namespace ebb::cli
