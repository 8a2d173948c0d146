#include "tests/unit/core/fleet_model.hpp"

#include <algorithm>

namespace ebb::core::model {
namespace {

deny_list list_of(std::string_view text) {
  deny_list out;
  for (const char c : text) out.emplace_back(1, c);
  return out;
}

std::string text_of(const deny_list& list) {
  std::string out;
  for (const auto& e : list) out += e;
  return out;
}

bool holds(const state& s, std::size_t i) {
  const bool present = s.list.find(entry_of(i)) != std::string::npos;
  return present == (s.keepers[i].wanted == wish::denied);
}

void mark_lost(state& s) {
  for (std::size_t i = 0; i < s.keepers.size(); ++i)
    if (s.keepers[i].verified && !holds(s, i)) s.lost = true, s.keepers[i].verified = false;
}

// Goes through what may happen to one keeper.
class chances {
 public:
  chances(const state& from, std::size_t keeper, const rules& r, std::vector<state>& into)
      : from_(from), i_(keeper), rules_(r), into_(into) {}

  void add() {
    const keeper& k = from_.keepers[i_];
    if (k.dead) return;
    if (k.later != wish::leave_alone && k.next != step::post && k.next != step::announce) change_wish();
    if (from_.faults > 0 && rules_.may.deaths) die();
    if (from_.faults > 0 && rules_.may.pauses && k.in_turn) sleep_past_the_lease();
    switch (k.next) {
      case step::announce: return announce();
      case step::look: return look();
      case step::turn: return try_turn();
      case step::wishes: return list_wishes();
      case step::list: return list();
      case step::post: return post();
      case step::back: return back();
      case step::recheck: return recheck();
      case step::release: return release();
    }
  }

 private:
  template <class F>
  void may(F change) {
    state s = from_;
    change(s, s.keepers[i_]);
    mark_lost(s);
    into_.push_back(std::move(s));
  }
  template <class F>
  void fault(F change) {
    if (from_.faults == 0) return;
    may([&](state& s, keeper& k) {
      --s.faults;
      change(s, k);
    });
  }

  void change_wish() {
    may([](state&, keeper& k) {
      k.wanted = std::exchange(k.later, wish::leave_alone);
      k.verified = false;
      k.looks += 2;
      k.next = k.in_turn ? step::release : k.takes_turns ? step::announce : step::look;
    });
  }
  void die() {
    fault([&](state& s, keeper& k) {
      k = keeper{};
      k.dead = true;
      if (s.holder == own() && !s.lingers) s.lingers = true;
    });
  }
  void sleep_past_the_lease() {
    fault([](state& s, keeper& k) {
      s.holder = -1;
      k.in_turn = false;
      // Before each write it looks at the clock; one that was sent by then may still be under way.
      k.next = step::look;
    });
  }
  void announce() {
    may([&](state& s, keeper& k) {
      s.told[i_] = k.wanted;
      k.next = step::look;
    });
    if (!rules_.may.failed_turns) return;
    fault([](state&, keeper& k) {
      k.takes_turns = false;
      k.next = step::look;
    });
  }
  void look() {
    if (from_.keepers[i_].looks == 0) return;
    may([&](state& s, keeper& k) {
      --k.looks;
      k.seen = s.list;
      const auto better = rules_.merge(list_of(s.list), entry_of(i_), k.wanted);
      k.verified = !better;
      if (better) k.write = text_of(*better);
      k.next = !better ? step::look : k.takes_turns ? step::turn : step::post;
      if (!better) forget(k);
    });
    fault([](state&, keeper& k) { --k.looks; });  // no answer
  }
  void try_turn() {
    may([&](state& s, keeper& k) {
      const bool free = s.holder == -1 || (s.holder == own() && !s.lingers);
      if (free) s.holder = own(), k.in_turn = true;
      k.next = free ? step::wishes : step::look;
      forget(k);
    });
    if (!rules_.may.failed_turns) return;
    // No answer, or too long a wait: it writes alone, and the Lease may be its own all the same.
    fault([](state&, keeper& k) { k.next = step::post; });
    fault([&](state& s, keeper& k) {
      if (s.holder == -1) s.holder = own(), s.lingers = true;
      k.next = step::post;
    });
  }
  void list_wishes() {
    may([&](state& s, keeper& k) {
      for (std::size_t o = 0; o < s.told.size(); ++o)
        if (o != i_ && s.told[o] != wish::leave_alone) k.others.push_back({entry_of(o), entry_of(o), s.told[o]});
      k.next = step::list;
    });
  }
  void list() {
    may([&](state& s, keeper& k) {
      const auto better = rules_.merge_all(list_of(s.list), entry_of(i_), k.wanted, k.others);
      k.verified = !better;
      k.next = better ? step::post : step::release;
      forget(k);
      if (better) k.write = text_of(*better);
    });
    fault([](state&, keeper& k) { k.next = step::release; });
  }
  void post() {
    const auto unanswered = [](keeper& k) { k.next = k.in_turn ? step::recheck : step::look; };
    may([](state& s, keeper& k) {
      s.list = k.write;
      k.next = step::back;
    });
    fault([&](state&, keeper& k) { unanswered(k); });  // the request is lost
    fault([&](state& s, keeper& k) {                   // the answer is lost
      s.list = k.write;
      unanswered(k);
    });
    fault([&](state& s, keeper& k) {  // applied some time
      s.late.push_back(k.write);
      unanswered(k);
    });
  }
  void back() {
    const auto go_on = [](keeper& k) {
      k.next = k.in_turn ? step::release : step::look;
      forget(k);
    };
    may([&](state& s, keeper& k) {
      k.verified = !rules_.merge(list_of(s.list), entry_of(i_), k.wanted);
      go_on(k);
    });
    fault([&](state&, keeper& k) { go_on(k); });
  }
  void recheck() {
    may([&](state& s, keeper& k) {
      const bool there = s.list == k.write;
      k.next = there ? step::release : step::look;
      if (!there) k.in_turn = false, s.lingers = true;
      forget(k);
    });
  }
  void release() {
    const auto go_on = [&](keeper& k) {
      k.in_turn = false;
      k.next = from_.told[i_] == k.wanted || !k.takes_turns ? step::look : step::announce;
      forget(k);
    };
    may([&](state& s, keeper& k) {
      s.holder = -1;
      go_on(k);
    });
    fault([&](state& s, keeper& k) {
      s.lingers = true;
      go_on(k);
    });
  }

  // What is not read any more must not tell states apart.
  static void forget(keeper& k) {
    k.seen.clear();
    k.write.clear();
    if (k.next != step::list && k.next != step::post) k.others.clear();
  }
  int own() const { return static_cast<int>(i_); }

  const state& from_;
  std::size_t i_;
  const rules& rules_;
  std::vector<state>& into_;
};

}  // namespace

std::string entry_of(std::size_t keeper) { return std::string(1, static_cast<char>('a' + keeper)); }

std::string state::key() const {
  std::string k = list + '|';
  for (const auto& p : keepers) {
    for (const int part : {static_cast<int>(p.wanted), static_cast<int>(p.later), static_cast<int>(p.next), p.looks,
                           int{p.takes_turns}, int{p.dead}, int{p.in_turn}, int{p.verified}})
      k += static_cast<char>('0' + part);
    k += p.write + ',';
    for (const auto& o : p.others) k += o.node + static_cast<char>('0' + static_cast<int>(o.wanted));
    k += '|';
  }
  for (const wish w : told) k += static_cast<char>('0' + static_cast<int>(w));
  k += static_cast<char>('1' + holder);
  k += lingers ? 'l' : '-';
  k += static_cast<char>('0' + faults);
  auto sorted = late;
  std::ranges::sort(sorted);
  for (const auto& l : sorted) k += l + ';';
  return k;
}

std::vector<state> next_states(const state& s, const rules& r) {
  std::vector<state> next;
  for (std::size_t i = 0; i < s.keepers.size(); ++i) chances(s, i, r, next).add();
  for (std::size_t l = 0; l < s.late.size(); ++l) {
    state applied = s;
    applied.list = s.late[l];
    applied.late.erase(applied.late.begin() + static_cast<std::ptrdiff_t>(l));
    mark_lost(applied);
    next.push_back(std::move(applied));
  }
  if (s.holder != -1 && s.lingers && (s.late.empty() || r.may.late_beyond_the_turn)) {
    state run_out = s;
    run_out.holder = -1;
    run_out.lingers = false;
    next.push_back(std::move(run_out));
  }
  return next;
}

state settled(state s, const rules& r) {
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < s.keepers.size(); ++i) {
      const auto& k = s.keepers[i];
      if (k.dead) continue;
      if (k.takes_turns) s.told[i] = k.wanted;
      std::vector<fleet_wish> others;
      for (std::size_t o = 0; o < s.told.size(); ++o)
        if (o != i && s.told[o] != wish::leave_alone) others.push_back({entry_of(o), entry_of(o), s.told[o]});
      if (!r.merge(list_of(s.list), entry_of(i), k.wanted)) continue;
      const auto better = k.takes_turns ? r.merge_all(list_of(s.list), entry_of(i), k.wanted, others)
                                        : r.merge(list_of(s.list), entry_of(i), k.wanted);
      if (better) s.list = text_of(*better);
    }
  }
  return s;
}

bool wishes_hold(const state& s) {
  for (std::size_t i = 0; i < s.keepers.size(); ++i)
    if (!s.keepers[i].dead && !holds(s, i)) return false;
  return true;
}

std::string foreign(std::string_view list) {
  std::string out;
  for (const char c : list)
    if (c < 'a' || c > 'c') out += c;
  return out;
}

}  // namespace ebb::core::model
