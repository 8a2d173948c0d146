#pragma once
// Events on the own pod: best effort, for people who ask `kubectl describe pod`. A burst of 25 and then one each five
// minutes, those of the drain that ends the container always; never tried again, nobody waits for them.
#include <deque>
#include <string>

#include "agent/drain/journal.hpp"
#include "agent/upstream/api_server.hpp"
#include "proto/kubernetes/object_meta.hpp"

namespace ebb::pod {

inline constexpr std::string_view event_controller = "ebb.dev/agent";

// client-go's figures for one object.
constexpr double event_burst = 25;
constexpr rt::duration event_refill = std::chrono::minutes(5);
constexpr std::size_t most_waiting = 32;
// What must be done comes first: of a fleet that is told to stop at once, each has its wish in the list by then.
constexpr rt::duration event_delay = std::chrono::seconds(1);
constexpr rt::duration event_timeout = std::chrono::seconds(5);

// The body of a POST of one Event. Of `pod` the names and the uid count. `number`: tells events of one millisecond
// apart, whose names the server would refuse as taken.
std::string event_body(const drain::pod_event& e, const kubernetes::object_meta& pod, rt::wall_time at,
                       std::uint32_t number = 0);

// Where Events of the own namespace are posted.
std::string events_path(const upstream::api_server& api);

class events {
 public:
  events(drain::node& n, upstream::api_server& api, rt::asio::any_io_executor ex)
      : node_(n), api_(api), changed_(std::move(ex)) {}

  // Takes an event to send, or drops it.
  void add(drain::pod_event e);

  // The duty: sends one after the other, each after event_delay, until cancelled.
  rt::task<> run();

  // Sends all that were taken at once, until they are sent or dropped, at most until `dl`.
  rt::task<> flush(rt::deadline dl);

  std::uint64_t dropped() const { return dropped_; }

 private:
  bool granted(rt::time_point now);

  struct waiting {
    drain::pod_event what;
    rt::wall_time at;
    rt::time_point due;
  };

  drain::node& node_;
  upstream::api_server& api_;
  rt::notice changed_;
  std::deque<waiting> waiting_;
  double tokens_ = event_burst;
  rt::time_point refilled_{};
  bool sending_ = false, flushing_ = false;
  std::uint32_t sent_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace ebb::pod
