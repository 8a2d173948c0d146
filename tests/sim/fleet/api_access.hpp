#pragma once
// Who may ask an API server for what, and who has: tokens bound to pods (contract A2), rights as RBAC counts them, and
// a record of every request.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/rt/clock.hpp"
#include "tests/sim/fleet/api_request.hpp"
#include "tests/sim/fleet/api_store.hpp"

namespace ebb::sim {

// What the API server's two clocks say.
struct api_time {
  rt::wall_time wall;
  rt::time_point steady;
};

struct api_token {
  std::string name_space, pod, uid;
  std::optional<rt::wall_time> expires;
};

// One request, as an audit log has it.
struct api_record {
  rt::time_point at;
  std::string agent;  // the pod that the token names; empty: nobody
  std::string verb, resource, name;
  unsigned status = 0;
};

class api_access {
 public:
  // A token stays good for so long after the pod's deadline, and a check that succeeded is believed for so long.
  static constexpr std::chrono::seconds leeway{60};
  static constexpr std::chrono::seconds believed{10};
  static constexpr std::size_t records_kept = 2'000'000;

  std::string issue(api_token t);
  void expire(const std::string& token) { tokens_.erase(token), checked_.erase(token); }
  // Nothing: 401.
  std::optional<api_token> authenticate(std::string_view authorization, const api_store& store, api_time now);

  // The rights of deploy/rbac.yaml: its Role, and its optional ClusterRole.
  void allow_what_is_deployed(bool nodes_too);
  void allow(const std::string& verb, const std::string& resource) { rights_.emplace(verb, resource); }
  void deny(const std::string& verb, const std::string& resource) { rights_.erase({verb, resource}); }
  void deny_everything() { rights_.clear(); }
  bool allowed(const api_request& r) const { return rights_.contains({r.verb, r.resource}); }

  void record(api_record r);
  const std::vector<api_record>& records() const { return records_; }
  // Requests that no right covers, as "pods delete executor-0": each is a defect of who asked, or of the rights.
  std::vector<std::string> refused() const;

 private:
  static bool stands(const api_token& t, const api_store& store, api_time now);

  std::map<std::string, api_token, std::less<>> tokens_;
  std::map<std::string, rt::time_point, std::less<>> checked_;  // when it was found good
  std::set<std::pair<std::string, std::string>> rights_;
  std::vector<api_record> records_;
  std::size_t issued_ = 0;
};

}  // namespace ebb::sim
