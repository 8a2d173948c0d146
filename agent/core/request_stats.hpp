#pragma once
// What is known of an upstream, for /status and the metrics.
#include <array>
#include <optional>
#include <string>

#include "agent/core/metrics.hpp"

namespace ebb::core {

enum class request_outcome : std::uint8_t { ok, client_error, server_error, timeout, network };
constexpr int request_outcome_count = 5;
constexpr std::string_view name(request_outcome o) {
  constexpr std::array<std::string_view, request_outcome_count> names = {"ok", "client_error", "server_error",
                                                                         "timeout", "network"};
  return names[static_cast<std::size_t>(o)];
}

// 2xx and 3xx are ok; status 0 is no answer.
constexpr request_outcome outcome_of(unsigned status, bool timed_out) {
  if (status == 0) return timed_out ? request_outcome::timeout : request_outcome::network;
  if (status >= 500) return request_outcome::server_error;
  if (status >= 400) return request_outcome::client_error;
  return request_outcome::ok;
}

using request_histogram = histogram<9>;

struct request_stats {
  std::array<std::uint64_t, request_outcome_count> requests{};
  request_histogram seconds{{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30}, {}, 0, 0};
  std::uint64_t retries = 0;
  std::uint64_t exhausted = 0;  // a retry had to wait for the budget's floor
  double budget = 0;            // tokens now
  bool configured = false;
  std::optional<bool> ok;  // of the last call
  std::string error;       // of the last call, one line; empty when ok

  std::uint64_t total() const {
    std::uint64_t n = 0;
    for (auto r : requests) n += r;
    return n;
  }
};

}  // namespace ebb::core
