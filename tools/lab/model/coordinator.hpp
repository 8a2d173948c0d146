#pragma once
// A Dremio coordinator's HTTP surface as far as an agent meets it: login, OAuth token, deny list, node list, server
// status; error bodies as Dremio's. Every call is expected to come after all earlier ones (`now` never goes back).
#include <map>
#include <string>

#include "tools/lab/model/accounts.hpp"
#include "tools/lab/model/deny_list.hpp"
#include "tools/lab/model/exchange.hpp"
#include "tools/lab/model/registry.hpp"

namespace ebb::lab {

class coordinator {
 public:
  struct options {
    accounts::options who{{account{"admin", "secret1!", "", rights::admin, false}}};
    deny_list_variant list;
    bool has_list = true;          // false: an edition without it, 404 as JSON
    bool list_needs_admin = true;  // false: every user may
    bool node_list_flags = true;   // rows carry isBlacklisted
    std::string version = "25.2.0-202410241428100111-a963b970";
    std::string cluster_id = "5c7e1a52-90ab-4d0e-8b5e-1d1f0e6f1c11";
    std::string address = "dremio-master-0.dremio-cluster-pod.lab.svc.cluster.local";
    wall_time wall_at_zero{};  // the calendar's time at time_point{}
  };

  coordinator(options o, draw random);

  answer handle(const call& c, time_point now);

  deny_list& denied() { return denied_; }
  const deny_list& denied() const { return denied_; }
  registry& nodes() { return nodes_; }
  const registry& nodes() const { return nodes_; }
  accounts& who() { return who_; }
  void set_master_down(bool down) { master_down_ = down; }

  // Calls answered so far, by "METHOD path status".
  const std::map<std::string, std::size_t>& counts() const { return counts_; }

 private:
  answer route(const call& c, time_point now);
  answer login(const call& c, time_point now);
  answer oauth(const call& c, time_point now);
  answer list(const call& c, time_point now);
  answer write_list(const call& c, time_point now);
  answer node_list(time_point now) const;
  wall_time wall(time_point at) const {
    return options_.wall_at_zero + std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch());
  }

  options options_;
  accounts who_;
  deny_list denied_;
  registry nodes_;
  bool master_down_ = false;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace ebb::lab
