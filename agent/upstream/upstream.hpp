#pragma once
// One server that the agent asks: its connection, its statistics and its retry budget.
#include <memory>
#include <optional>
#include <string>

#include "agent/core/backoff.hpp"
#include "agent/core/request_stats.hpp"
#include "agent/core/token_bucket.hpp"
#include "agent/http/client.hpp"
#include "agent/rt/network.hpp"
#include "agent/rt/random.hpp"
#include "config/settings.hpp"

namespace ebb::upstream {

class upstream {
 public:
  upstream(rt::network& net, rt::clock_source& clock, rt::random_source& random);

  // Takes a new address, keeping statistics and budget. An empty or unreadable `url`: not configured.
  void configure(const std::string& url, const rt::tls_options& tls, const config::retry_settings& retry);

  bool configured() const { return client_ != nullptr; }
  const http::base_url& url() const { return url_; }

  // One attempt, counted and timed. Errors: those of http::client::exchange; not_connected when not configured.
  rt::task<rt::result<http::response>> call(http::request req, rt::deadline dl);

  // The same for an answer whose body is read while it comes; counted and timed up to its head.
  rt::task<rt::result<std::unique_ptr<http::body_reader>>> open(http::request req, rt::deadline dl);

  // Takes a retry out of the budget: how long to pause before it.
  rt::duration pause_before_retry(std::optional<rt::duration> retry_after);

  // The caller's own view of an answer that arrived but is of no use ("200 that is no JSON").
  void complain(std::string why);

  core::request_stats stats() const;
  rt::clock_source& clock() const { return clock_; }

 private:
  void count(unsigned status, bool timed_out, rt::time_point began);

  rt::network& net_;
  rt::clock_source& clock_;
  rt::random_source& random_;
  http::base_url url_;
  rt::tls_options tls_;
  std::shared_ptr<http::client> client_;  // shared with the exchange under way when the address changes
  core::backoff backoff_;
  core::token_bucket bucket_;
  core::request_stats stats_;
};

// Retry-After in whole seconds, at most an hour; a date is not used by any server that we ask.
std::optional<rt::duration> retry_after(const http::header_list& headers);

// One line for people: "connection refused", "503 Service Unavailable: …".
std::string describe(const rt::result<http::response>& r);

}  // namespace ebb::upstream
