#include "tests/support/sim/host.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <stdexcept>
#include <utility>

#include "agent/rt/notice.hpp"
#include "agent/rt/within.hpp"
#include "tests/support/sim/network.hpp"

namespace ebb::sim {

namespace {
// More handlers than this at one instant are a busy loop, not work.
constexpr std::size_t handlers_in_an_instant = 100'000;
}  // namespace

void job::cancel() {
  if (done_ || boot_ != on_.boots_ || !on_.up()) return;
  on_.home().touch(on_);
  stop_.emit(asio::cancellation_type::terminal);
}

host::host(world& w, std::size_t number, std::string name, std::string pod)
    : world_(w),
      number_(number),
      name_(std::move(name)),
      pod_(std::move(pod)),
      random_(w.fork("host " + name_)),
      clock_(*this),
      files_(*this),
      names_(*this),
      sink_(*this),
      log_(sink_, clock_, core::log_level::debug),
      network_(make_network(*this)) {}

host::~host() = default;

host& host::runs(program p) {
  program_ = std::move(p);
  return *this;
}

host& host::boot() {
  if (up()) throw std::logic_error(name_ + " is up already");
  ++boots_;
  dark_ = false;
  loop_ = std::make_unique<asio::io_context>(1);
  work_.emplace(loop_->get_executor());
  lot_ = &asio::make_service<parking>(*loop_, *this);
  if (program_) spawn(program_(*this));
  return *this;
}

void host::thaw() {
  frozen_ = false;
  world_.touch(*this);
}

void host::crash(end how) {
  if (!up()) return;
  frozen_ = false;
  dark_ = how == end::power;
  dying_ = true;
  unwind();
  dying_ = false;
  lot_ = nullptr;
  work_.reset();
  auto gone = std::exchange(loop_, nullptr);
  rt::abandon_waiters(*gone);
}

// Children end before the scopes that they refer to, as they do in a program; destroying the loop alone would take the
// coroutines' frames in any order. What nobody sees of a crash, nobody sees of this either: a cancelled coroutine
// starts nothing new.
void host::unwind() {
  for (auto& j : jobs_)
    if (!j.done_ && j.boot_ == boots_) {
      j.tolerated_ = true;
      j.stop_.emit(asio::cancellation_type::terminal);
    }
  for (std::size_t n = 0; n < handlers_in_an_instant && loop_->poll_one() != 0; ++n) {}
}

job& host::try_spawn(rt::task<> t) {
  job& j = jobs_.emplace_back(*this);
  j.boot_ = boots_;
  j.tolerated_ = true;
  asio::co_spawn(*loop_, std::move(t), asio::bind_cancellation_slot(j.stop_.slot(), [this, &j](std::exception_ptr e) {
    j.done_ = true;
    j.error_ = e;
    if (e && !j.tolerated_ && !rt::is_abort(e)) world_.failed(e);
  }));
  world_.touch(*this);
  return j;
}

job& host::spawn(rt::task<> t) {
  job& j = try_spawn(std::move(t));
  j.tolerated_ = false;
  return j;
}

std::uint64_t host::park(parking::handler h) {
  if (lot_ == nullptr) return 0;  // the loop is being destroyed: the handler goes with it
  lot_->park(++tickets_, std::move(h));
  return tickets_;
}

void host::attach(std::uint64_t ticket, world::timer t) {
  if (lot_ != nullptr) lot_->attach(ticket, t);
}

void host::resume(std::uint64_t ticket, error_code ec, std::size_t bytes) {
  if (lot_ != nullptr) lot_->resume(ticket, ec, bytes);
}

void host::poll() {
  runnable_ = false;
  if (!up() || frozen_) return;
  if (std::exchange(instant_, world_.now()) != world_.now()) handlers_ = 0;
  while (loop_->poll_one() != 0)
    if (++handlers_ > handlers_in_an_instant)
      throw std::runtime_error(name_ + " is in a busy loop at " + format_time(world_.elapsed()));
}

}  // namespace ebb::sim
