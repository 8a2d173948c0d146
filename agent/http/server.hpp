#pragma once
// HTTP/1.1 server with a bound on everything: connections, header, body, time, answers in flight.
#include <functional>

#include "agent/http/message.hpp"
#include "agent/rt/clock.hpp"
#include "agent/rt/network.hpp"

namespace ebb::http {

struct server_limits {
  std::size_t connections = 512;                    // beyond it a connection is closed at once
  std::size_t header = 16 * 1024;                   // 431
  std::size_t target = 4 * 1024;                    // 414
  std::size_t body = 64 * 1024;                     // 413
  rt::duration request = std::chrono::seconds(10);  // from the first byte of a request to its last; then closed
  rt::duration idle = std::chrono::seconds(75);     // between requests
  rt::duration write = std::chrono::seconds(10);    // without progress while answering; then closed
};

using handler = std::function<rt::task<response>(request)>;

// Told each time that a connection cannot be accepted, up to ten times a second.
using accept_failed = std::function<void(boost::system::error_code)>;

// Serves until cancelled. One answer in flight for each connection; pipelined requests are answered in order.
// A handler that throws (other than by cancellation) becomes a 500. When accept fails (no descriptors left), pauses
// 100 ms and goes on.
rt::task<> serve(rt::clock_source& clock, rt::listener& from, handler handle, accept_failed tell = {},
                 server_limits limits = {});

}  // namespace ebb::http
