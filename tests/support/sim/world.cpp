#include "tests/support/sim/world.hpp"

#include <algorithm>

#include "tests/support/sim/host.hpp"
#include "tests/support/sim/wires.hpp"

namespace ebb::sim {

namespace {
// Not zero, so that "some time ago" is a time too.
constexpr rt::time_point world_start{std::chrono::hours(24)};
}  // namespace

world::world(std::uint64_t seed)
    : seed_(seed),
      random_(seed),
      order_(random_.fork("order")),
      now_(world_start),
      wires_(std::make_unique<wires>(*this)) {}

world::~world() {
  for (auto& h : hosts_) h->crash();
}

rt::time_point world::start() const noexcept { return world_start; }

host& world::add_host(std::string name, std::string pod) {
  if (pod.empty()) pod = name;
  return *hosts_.emplace_back(std::make_unique<host>(*this, hosts_.size(), std::move(name), std::move(pod)));
}

void world::at(rt::time_point when, action what) {
  schedule(when, [this, what = std::move(what)] {
    what();
    touch_all();
  });
}

void world::every(rt::duration period, action what) {
  after(period, [this, period, what = std::move(what)] {
    what();
    every(period, what);
  });
}

void world::always(rt::duration period, action check) {
  schedule(now_ + period, [this, period, check = std::move(check)] {
    check();
    always(period, check);
  });
}

world::timer world::schedule(rt::time_point when, action what) {
  timer key;
  key.at = std::max(when, now_);
  key.number = ++scheduled_;
  queue_.emplace_hint(queue_.end(), key, std::move(what));
  return key;
}

void world::touch(host& h) {
  if (!h.mark_runnable()) return;
  runnable_.push_back(&h);
}

void world::touch_all() {
  for (auto& h : hosts_)
    if (h->up()) touch(*h);
}

void world::settle() {
  while (!runnable_.empty()) {
    std::swap(runnable_[order_.below(runnable_.size())], runnable_.back());
    host& next = *runnable_.back();
    runnable_.pop_back();
    note(next.number());
    next.poll();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }
}

bool world::step(rt::time_point end) {
  settle();
  if (queue_.empty() || queue_.begin()->first.at > end) return false;
  auto next = queue_.extract(queue_.begin());
  now_ = next.key().at;
  ++events_;
  note(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  next.mapped()();
  return true;
}

void world::run_until(rt::time_point end) {
  touch_all();
  while (step(end)) {}
  now_ = std::max(now_, end);
}

bool world::run_while_not(const std::function<bool()>& done, rt::duration limit) {
  const auto end = now_ + limit;
  touch_all();
  for (;;) {
    settle();
    if (done()) return true;
    if (!step(end)) break;
  }
  now_ = std::max(now_, end);
  return done();
}

void world::note(std::string_view what) noexcept {
  for (const char c : what) note(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
}

void world::record(std::string_view host_name, std::string_view line) {
  note(journal_.add(elapsed(), host_name, line));
}

void world::failed(std::exception_ptr e) {
  if (!failure_) failure_ = e;
}

void world::fail_seam_call(std::uint64_t n, std::string host_name) {
  failing_call_ = seam_calls_ + n;
  failing_host_ = std::move(host_name);
}

bool world::fails(const host& caller, seam call) {
  if (!failing_host_.empty() && failing_host_ != caller.name()) return false;
  if (++seam_calls_ != failing_call_) return false;
  note(static_cast<std::uint64_t>(call));
  static constexpr const char* names[] = {"connect", "resolve", "listen",    "accept",
                                          "read",    "write",   "read_file", "stat_file"};
  record(caller.name(), std::string("sim: this call fails: ") + names[static_cast<std::size_t>(call)]);
  return true;
}

}  // namespace ebb::sim
