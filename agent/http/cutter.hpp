#pragma once
// Closes connections when their time has come: one coroutine with one timer for all of them, because a timer for each
// read would cost more than the read. It sleeps until the earliest time there was when it fell asleep, so an idle
// server causes no wake-ups, and a busy one at most one a second. Connections are closed up to `granularity` late.
#include <boost/intrusive/list.hpp>

#include "agent/rt/byte_stream.hpp"
#include "agent/rt/notice.hpp"

namespace ebb::http {

class cutter {
 public:
  static constexpr rt::duration granularity = std::chrono::seconds(1);

  // One connection's time. Lives as long as the connection's coroutine.
  class entry : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    entry(cutter& owner, rt::byte_stream& stream) : owner_(owner), stream_(stream) { owner_.entries_.push_back(*this); }
    void in(rt::duration d);
    void never() { at_ = rt::time_point::max(); }

   private:
    friend class cutter;
    cutter& owner_;
    rt::byte_stream& stream_;
    rt::time_point at_ = rt::time_point::max();
  };

  cutter(rt::asio::any_io_executor ex, rt::clock_source& clock) : clock_(clock), sooner_(std::move(ex)) {}

  // Runs until cancelled.
  rt::task<> run();

  rt::clock_source& clock() const { return clock_; }

 private:
  rt::time_point sweep();  // closes what is due; the earliest time of what is left

  rt::clock_source& clock_;
  boost::intrusive::list<entry, boost::intrusive::constant_time_size<false>> entries_;
  rt::notice sooner_;  // an entry is due before wakes_at_
  rt::time_point wakes_at_ = rt::time_point::max();
};

}  // namespace ebb::http
