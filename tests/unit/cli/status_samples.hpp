#pragma once
// Bodies of /status as agents send them, for several tests.
#include <string>

#include "agent/cli/status_view.hpp"

namespace ebb::test {

inline const std::string draining_status = R"({"version":"0.1.0","state":"draining","phase":"quiescing",
 "since":"2026-11-24T10:55:09.123Z","causes":["manual","sigterm"],"reason":"scale in",
 "node":{"name":"dremio-executor-3.dremio-cluster-pod.prod.svc.cluster.local","source":"computed","error":""},
 "executor":{"pid":7,"live":true,"fragments":12,"fragments_source":"scrape","fragments_age_ms":210,"error":"",
             "metric":"exec_fragments_active"},
 "deny_list":{"entry":"present","wish":"denied","verified_ms_ago":5800,"lost":1,"writes":2,"available":true,
              "configured":true,"entries":3,"foreign":false,"error":""},
 "drain":{"began":"2026-11-24T10:55:09.123Z","deadline":"2026-11-24T11:07:07.123Z",
          "stop_at":"2026-11-24T11:05:07.123Z","deadline_source":"configured","idle_samples":1,"idle_for_ms":1000,
          "samples":3,"quiet_ms":3000,"settle_ms":10000,"waiting_for":"fragments: 12 running"},
 "pod":{"configured":true,"watched":true,"name":"dremio-executor-3","error":"","disruption":"EvictionByEvictionAPI"},
 "upstreams":{"dremio":{"ok":true,"error":"","budget":9.5,"requests":12,"retries":1},
              "prometheus":{"ok":false,"error":"connection refused","budget":10,"requests":3,"retries":0},
              "kubernetes":{},"executor":{"ok":null,"error":"","budget":10,"requests":0,"retries":0}},
 "agent":{"restarts":2,"stop_signals":1,"reload_error":"config.reload: ebb.toml:3:1 is broken"}})";

inline const std::string serving_status = R"({"version":"0.1.0","state":"serving","phase":"",
 "since":"2026-11-24T10:55:09.123Z","causes":[],"reason":"","node":{"name":"e-0","source":"configured","error":""},
 "executor":{"pid":7,"live":true,"fragments":0,"fragments_source":"scrape","fragments_age_ms":2100,"error":"",
             "metric":"fragments_active"},
 "deny_list":{"entry":"absent","wish":"allowed","verified_ms_ago":60000,"lost":0,"writes":1,"available":true,
              "configured":true,"entries":0,"foreign":false,"error":""},
 "drain":null,"upstreams":{"dremio":{"ok":true,"error":"","budget":10,"requests":4,"retries":0}},
 "agent":{"restarts":0,"stop_signals":0,"reload_error":""}})";

// What an agent says of which nothing is known yet.
inline const std::string starting_status = R"({"version":"0.1.0","state":"starting","phase":"","since":null,
 "causes":[],"reason":"","node":{"name":"","source":"computed","error":"the node's name cannot be computed"},
 "executor":{"pid":0,"live":false,"fragments":null,"fragments_source":null,"fragments_age_ms":null,
             "error":"connection refused","metric":""},
 "deny_list":{"entry":null,"wish":"leave_alone","verified_ms_ago":null,"lost":0,"writes":0,"available":null,
              "configured":false,"entries":null,"foreign":false,"error":"dremio.url is not set"},
 "drain":null,"upstreams":{"dremio":{},"prometheus":{},"kubernetes":{},"executor":{}},"agent":{"restarts":0}})";

inline cli::status_view view_of(const std::string& body) { return cli::parse_status(body).value(); }

}  // namespace ebb::test
