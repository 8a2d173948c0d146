#pragma once
// The Prometheus server as the second source: raw samples of the fragment gauge with their own timestamps.
#include <optional>
#include <string>
#include <vector>

#include "agent/core/stand_in.hpp"
#include "agent/rt/files.hpp"
#include "agent/upstream/upstream.hpp"

namespace ebb::upstream {

struct history {
  core::stand_in judged;
  // The samples on this machine's monotonic clock. Prometheus tells its time in whole seconds: these times are never
  // later than the truth and at most `history_slack` earlier.
  std::vector<rt::time_point> at;
};

constexpr rt::duration history_slack = std::chrono::seconds(1);
constexpr std::chrono::seconds history_range{300};
constexpr rt::duration prometheus_timeout = std::chrono::seconds(5);

class prometheus_server {
 public:
  prometheus_server(upstream& server, rt::file_store& files) : server_(server), files_(files) {}

  void configure(const config::settings& settings);
  bool configured() const { return server_.configured(); }
  const std::string& query() const { return query_; }

  // Never fails: what cannot be had is not fresh and says why.
  rt::task<history> look(rt::deadline dl);

 private:
  upstream& server_;
  rt::file_store& files_;
  std::string query_;
  std::vector<std::string> names_;
  std::string token_file_;
};

// The matchers of the configuration, else namespace and pod, else instance="<pod ip>:<port>"; empty: nothing is known
// that would tell this executor from others.
std::string selector_of(const config::settings& settings);

}  // namespace ebb::upstream
