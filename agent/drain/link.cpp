#include "agent/drain/link.hpp"

#include <csignal>

#include "agent/core/saved.hpp"

namespace ebb::drain {

rt::task<bool> link::greet() {
  auto first = co_await init_.receive();
  if (!first || !std::holds_alternative<pair::hello>(*first)) co_return false;
  on(std::get<pair::hello>(*first));
  co_return true;
}

rt::task<> link::listen() {
  for (;;) {
    auto record = co_await init_.receive();
    if (!record) co_return;
    if (const auto* s = std::get_if<pair::signal_seen>(&*record)) {
      on(*s);
    } else if (const auto* e = std::get_if<pair::exited>(&*record)) {
      on(*e);
    } else {
      co_return;  // init says nothing else after the hello
    }
  }
}

rt::task<> link::say_alive() {
  for (;;) {
    (void)init_.send(pair::alive{});
    co_await node_.clock.sleep_for(alive_every);
  }
}

void link::on(const pair::hello& h) {
  node_.executor.pid = h.executor_pid;
  node_.executor.spawned_at = h.spawned_at;
  if (auto life = core::decode_life(h.saved.bytes())) {
    node_.life = std::move(*life);
    node_.executor.was_live = node_.life.now != core::state::starting;
  } else {
    node_.life.since = h.spawned_at;
  }
  node_.life.restarts = h.generation;
  if (h.stop_sent) node_.life.executor_signalled = true;
  if (h.stop_signals > 0 && h.first_stop) {
    on_stop_signals(h.stop_signals, *h.first_stop, h.last_stop.value_or(*h.first_stop));
  }
  if (h.ended) on(pair::exited{*h.ended, h.ended_at.value_or(node_.clock.now())});
}

void link::on(const pair::signal_seen& s) {
  if (s.signo == SIGHUP) {
    reload_();
  } else {
    on_stop_signals(s.count, node_.first_stop_signal.value_or(s.at), s.at);
  }
}

void link::on(const pair::exited& e) {
  node_.executor.ended = e.how;
  node_.executor.ended_at = e.at;
  node_.executor.live = false;
  journal_.executor_exited();
  node_.changed.notify();
}

// The time that counts is init's, so that a restarted agent does not begin the drain anew.
void link::on_stop_signals(std::uint32_t count, rt::time_point first, rt::time_point last) {
  node_.first_stop_signal = first;
  node_.stop_signals = count;
  const bool hurry = means_hurry(node_, first, last);
  journal_.stop_signal(count, hurry);
  if (hurry) journal_.hurry("told to end a second time");
  journal_.join(core::cause::sigterm, "the container was told to end", grace_began(node_, first));
}

}  // namespace ebb::drain
