#include "agent/keeper/keeper.hpp"

#include <algorithm>

namespace ebb::keeper {

using namespace std::chrono_literals;
using core::wish;

keeper::keeper(rt::clock_source& clock, rt::random_source& random, list_port& port, fleet_port* fleet,
               keeper_rules rules, rt::asio::any_io_executor ex, on_incident tell)
    : clock_(clock),
      random_(random),
      port_(port),
      turns_(clock, fleet),
      rules_(rules),
      tell_(std::move(tell)),
      wake_(ex),
      changed_(ex) {}

void keeper::set_entry(std::string name) {
  if (name == entry_) return;
  entry_ = std::move(name);
  due_ = clock_.now();
  wake_.notify();
}

void keeper::resume(wish w, std::optional<rt::time_point> verified_since, std::optional<rt::time_point> admitted_at,
                    bool foreign, bool list_read, std::uint32_t lost, std::uint32_t writes) {
  view_.wish = w;
  view_.verified_since = verified_since;
  view_.admitted_at = admitted_at;
  view_.foreign = foreign;
  view_.list_read = list_read;
  view_.lost = lost;
  view_.writes = writes;
}

void keeper::set_wish(wish w) {
  if (w == view_.wish) return;
  view_.wish = w;
  view_.verified_since.reset();
  view_.confirmed = false;
  if (w == wish::allowed) view_.admitted_at.reset();
  appeared_at_.reset();
  turns_.wish_changed();
  new_wish_ = true;
  due_ = clock_.now();
  wake_.notify();
  changed_.notify();
}

void keeper::set_off(bool off) {
  if (off == (view_.available == availability::off)) return;
  view_.available = off ? availability::off : availability::unknown;
  view_.error = off ? "dremio.url is not set" : "";
  due_ = clock_.now();
  wake_.notify();
  changed_.notify();
}

rt::task<bool> keeper::read_back(rt::deadline dl) {
  const auto wanted = looks_begun_ + 1;
  due_ = clock_.now();
  wake_.notify();
  while (looks_ended_ < wanted)
    if (!co_await changed_.wait(dl)) co_return false;
  co_return last_look_fulfilled_;
}

rt::task<> keeper::run() {
  due_ = clock_.now();
  for (;;) {
    while (idle() || clock_.now() < due_) {
      co_await wake_.wait(rt::deadline(clock_, idle() ? rt::time_point::max() : due_));
    }
    ++looks_begun_;
    last_look_fulfilled_ = false;
    co_await look();
    looks_ended_ = looks_begun_;
    changed_.notify();
  }
}

rt::task<> keeper::look() {
  const auto wished = view_.wish;
  // Only what follows may bring the next look forward again: a wish that changes meanwhile, a read-back.
  due_ = rt::time_point::max();
  co_await announce();
  if (wished != view_.wish || co_await begin_with_turn(wished)) co_return;
  const auto asked = clock_.now();
  auto seen = co_await port_.read(call_limit(rt::time_point::max()));
  if (!take_in(seen, wished)) co_return;
  if (!core::merge(seen.list, entry_, effective_wish())) co_return stands();
  // The login that came before the list may have told which cluster it is.
  co_await announce();
  const auto t = co_await turns_.take();
  said_alone();
  if (t)
    co_await in_turn(*t, wished);
  else if (wished != view_.wish)
    due_ = clock_.now();
  else
    co_await change(std::move(seen.list), asked, wished);
}

// A wish that others may apply: what is allowed long since is none, lest they take off what a person has put there.
rt::task<> keeper::announce() {
  const auto own = effective_wish();
  const bool settled = own == wish::allowed && !in_reclaim(clock_.now());
  co_await turns_.announce(settled ? wish::leave_alone : own, entry_);
  if (turns_.untold()) untold_at_ = clock_.now();
  said_alone();
}

// False: it is of no use, and the next look is arranged.
bool keeper::take_in(const list_call& seen, wish wished) {
  if (failed(seen)) return false;
  view_.entries = seen.list.size();
  view_.list_read = true;
  if (wished != view_.wish) {  // the answer is to a question that nobody asks any more
    due_ = clock_.now();
    return false;
  }
  observe(seen.list, clock_.now());
  return true;
}

// The list is as wished.
void keeper::stands() {
  const auto now = clock_.now();
  turns_.wish_fulfilled();
  if (effective_wish() != wish::leave_alone) fulfilled(now);
  due_ = std::min(due_, next_look(now));
}

bool keeper::idle() const {
  return entry_.empty() || view_.wish == wish::leave_alone || view_.available == availability::off;
}

void keeper::tell(incident i) {
  if (tell_) tell_(i, view_);
  changed_.notify();
}

}  // namespace ebb::keeper
