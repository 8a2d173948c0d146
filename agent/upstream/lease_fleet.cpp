#include "agent/upstream/lease_fleet.hpp"

#include <algorithm>

#include "agent/upstream/fleet_lists.hpp"

namespace ebb::upstream {

using core::api_outcome;
using kubernetes::lease;

namespace {

constexpr int announce_attempts = 4;  // a POST that finds one there, a look at it, a PUT; and once more

bool says_the_same(const lease& a, const lease& b) {
  return a.meta.labels == b.meta.labels && a.meta.annotations == b.meta.annotations && a.meta.owners == b.meta.owners;
}

// A conflict that is left after all attempts is others' haste.
keeper::told told_by(api_outcome o) {
  if (o == api_outcome::ok) return keeper::told::yes;
  const bool may_work = o == api_outcome::retry || o == api_outcome::conflict || o == api_outcome::token;
  return may_work ? keeper::told::unanswered : keeper::told::no;
}

keeper::turn::kind turn_by(api_outcome o) {
  using kind = keeper::turn::kind;
  switch (o) {
    case api_outcome::ok: return kind::mine;
    case api_outcome::conflict: return kind::busy;
    case api_outcome::retry:
    case api_outcome::token:  // replaced in a moment
    case api_outcome::gone:   // a page of the list as it was: the first one tells how it is
      return kind::unanswered;
    default: return kind::unavailable;
  }
}

bool same_owner(const lease& a, const lease& b) { return a.meta.owners == b.meta.owners; }

}  // namespace

// One request for one Lease; an empty name is that of a POST. Trouble is what came last.
rt::task<lease_fleet::answer> lease_fleet::ask(std::string method, std::string name, std::string body,
                                               rt::deadline dl) {
  auto r = co_await api_.call(std::move(method), leases_path(api_, name), std::move(body), dl);
  answer a{r.outcome, {}, r.retry_after};
  if (r.outcome == api_outcome::ok) {
    auto read = kubernetes::parse_lease(r.body);
    if (read) {
      a.lease = std::move(*read);
      co_return a;
    }
    api_.complain(read.error().what);
    r.error = read.error().what;
    a.outcome = api_outcome::retry;
  }
  trouble_ = "leases: " + r.error;
  co_return a;
}

rt::task<lease_fleet::answer> lease_fleet::put(lease wanted, kubernetes::object_meta replaced, rt::deadline dl) {
  wanted.meta.uid = replaced.uid;
  wanted.meta.resource_version = replaced.resource_version;
  co_return co_await ask("PUT", wanted.meta.name, kubernetes::write_lease(wanted), dl);
}

rt::task<keeper::told> lease_fleet::announce(core::wish w, std::string entry, rt::duration patience) {
  const auto me = who_();
  if (!me || !api_.configured()) {
    trouble_.clear();
    co_return keeper::told::no;
  }
  const auto wanted = core::wish_lease(*me, entry, w);
  if (told_ && says_the_same(*told_, wanted)) co_return keeper::told::yes;
  auto& clock = api_.clock();
  // What is new is tried at once.
  const bool tried = attempted_ && says_the_same(*attempted_, wanted);
  if (tried && clock.now() < again_at_) co_return attempt_;
  if (!tried) pause_ = {};
  attempted_ = wanted;
  const auto a = co_await tell(wanted, rt::deadline::after(clock, std::min(announce_timeout, patience)));
  if (a.outcome == api_outcome::ok) {
    told_ = a.lease;
    was_told_ = true;
    attempted_.reset();
    trouble_.clear();
    co_return keeper::told::yes;
  }
  attempt_ = told_by(a.outcome);
  told_.reset();  // whatever it says now
  again_at_ =
      clock.now() + pause_.next(clock.now(), random_.unit(), a.outcome, a.retry_after.value_or(rt::duration::zero()));
  co_return attempt_;
}

rt::task<lease_fleet::answer> lease_fleet::tell(lease wanted, rt::deadline dl) {
  auto there = told_;
  for (int i = 0; i < announce_attempts; ++i) {
    auto a =
        there ? co_await put(wanted, there->meta, dl) : co_await ask("POST", {}, kubernetes::write_lease(wanted), dl);
    if (a.outcome == api_outcome::missing && there) {
      there.reset();
      continue;
    }
    if (a.outcome != api_outcome::conflict) co_return a;
    a = co_await ask("GET", wanted.meta.name, {}, dl);
    if (a.outcome == api_outcome::missing) {
      there.reset();
      continue;
    }
    if (a.outcome != api_outcome::ok || says_the_same(a.lease, wanted)) co_return a;
    if (was_told_ && !same_owner(a.lease, wanted)) {
      trouble_ = "leases: " + wanted.meta.name + " belongs to another pod of this name by now";
      a.outcome = api_outcome::refused;
      co_return a;
    }
    there = a.lease;
  }
  trouble_ = "leases: " + wanted.meta.name + " changes all the time";
  co_return answer{api_outcome::conflict, {}, {}};
}

rt::task<keeper::turn> lease_fleet::take_turn(rt::duration patience) {
  keeper::turn t;
  const auto me = who_();
  trouble_.clear();
  if (!me || !api_.configured()) co_return t;
  auto& clock = api_.clock();
  mine_.reset();
  if (clock.now() < not_before_) {
    t.what = keeper::turn::kind::busy;
    co_return t;
  }
  // Nobody can see the Lease taken, and so take it over, sooner than five seconds from now.
  t.until = clock.now() + core::longest_turn;
  const auto longest_call = std::min(turn_timeout, patience);
  auto taken = co_await take(*me, rt::deadline::after(clock, longest_call));
  t.what = turn_by(taken.outcome);
  if (t.what == keeper::turn::kind::busy) trouble_.clear();
  if (t.what != keeper::turn::kind::mine) co_return t;
  trouble_.clear();
  mine_ = std::move(taken.lease);
  t.what = turn_by(co_await read_wishes(*me, t.wishes, rt::deadline::after(clock, patience).sooner(t.until)));
  if (t.what == keeper::turn::kind::mine) co_return t;
  const auto why = trouble_;
  co_await give_back(rt::deadline::after(clock, longest_call));
  trouble_ = why;
  co_return t;
}

// A conflict: somebody else has it.
rt::task<lease_fleet::answer> lease_fleet::take(core::fleet_member me, rt::deadline dl) {
  const auto holder = me.pod + "_" + me.uid;
  auto& clock = api_.clock();
  const auto wall = [&] { return kubernetes::micro_time(clock.wall_now()); };
  const auto name = core::turn_lease_name(me.cluster);
  auto a = co_await ask("GET", name, {}, dl);
  if (a.outcome == api_outcome::missing) {
    lease first;
    first.meta.name = name;
    first.meta.name_space = api_.name_space();
    first.record = core::taken({}, holder, wall());
    a = co_await ask("POST", {}, kubernetes::write_lease(first), dl);
  } else if (a.outcome == api_outcome::ok) {
    seen_turn_ = core::see_turn(seen_turn_, a.lease.record, clock.now());
    if (core::held_by_another(*seen_turn_, holder, clock.now())) co_return answer{api_outcome::conflict, {}, {}};
    auto taken = a.lease;
    taken.record = core::taken(a.lease.record, holder, wall());
    a = co_await put(taken, a.lease.meta, dl);
  }
  co_return a;
}

rt::task<> lease_fleet::end_turn(bool all_answered) {
  if (!mine_) co_return;
  auto& clock = api_.clock();
  if (!all_answered) {
    mine_.reset();
    not_before_ = clock.now() + core::turn_lease;
    co_return;
  }
  co_await give_back(rt::deadline::after(clock, turn_timeout));
}

rt::task<> lease_fleet::give_back(rt::deadline dl) {
  auto free = *std::exchange(mine_, std::nullopt);
  const auto replaced = free.meta;
  free.record = core::given_back(free.record, kubernetes::micro_time(api_.clock().wall_now()));
  (void)co_await put(std::move(free), replaced, dl);
}

rt::task<api_outcome> lease_fleet::read_wishes(core::fleet_member me, std::vector<core::fleet_wish>& wishes,
                                               rt::deadline dl) {
  const auto told = co_await list_wishes(api_, me.cluster, dl);
  trouble_ = told.error;
  if (told.outcome != api_outcome::ok) co_return told.outcome;
  look_at_own(told.leases);
  if (!core::any_wish_of_others(told.leases, me.pod, me.cluster)) co_return told.outcome;
  const auto pods = co_await list_pods(api_, dl);
  trouble_ = pods.error;
  if (pods.outcome == api_outcome::ok) wishes = core::sort_wishes(told.leases, pods.living, me.pod, me.cluster).apply;
  co_return pods.outcome;
}

// Somebody may have removed it, or an earlier incarnation written over it: it is told again at the next look.
void lease_fleet::look_at_own(const std::vector<lease>& leases) {
  if (!told_) return;
  const auto own = std::ranges::find(leases, told_->meta.name, [](const lease& l) { return l.meta.name; });
  if (own == leases.end() || !says_the_same(*own, *told_)) told_.reset();
}

}  // namespace ebb::upstream
