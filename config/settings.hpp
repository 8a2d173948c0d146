#pragma once
// The effective configuration, as every part of Ebb reads it. Keys, units and defaults: config/ebb.toml.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebb::config {

using duration = std::chrono::milliseconds;

// A secret as configured: either the value itself or the file that holds it. The file wins and is read on every use.
struct secret_source {
  std::string value;
  std::string file;
  bool configured() const { return !value.empty() || !file.empty(); }
};

struct executor_settings {
  std::string admin_url = "http://127.0.0.1:9010";
  std::vector<std::string> metrics = {"exec_fragments_active", "fragments_active",
                                      "scheduler_active_fragments_current"};
  std::string stop_signal = "SIGTERM";
  std::vector<std::string> forward;
  std::vector<int> success_codes = {0, 143, 4};
};

struct dremio_settings {
  std::string url;
  secret_source user;  // no secret, but of the same Secret as the password
  secret_source password;
  secret_source token;
  std::string client_id;
  secret_source client_secret;
  std::string ca_file;
  bool tls_verify = true;
  std::string node_name = "auto";
  duration timeout{5'000};
  duration login_timeout{30'000};
  duration reclaim{60'000};
};

struct prometheus_settings {
  std::string url;
  std::string ca_file;
  std::string token_file;
  std::string selector;       // empty: by namespace and pod, else by instance
  std::string instance_port;  // from the old PROMETHEUS_PORT: the port in instance="<pod ip>:<port>"; empty: that of
                              // executor.admin_url
};

struct drain_settings {
  std::optional<duration> grace;          // nullopt: auto
  bool grace_from_old_variables = false;  // the value came from PROMETHEUS_WAIT_TIME x PROMETHEUS_QUERY_MAX_RETRIES
  duration short_grace{15'000};           // drain.short
  std::optional<duration> reserve;        // nullopt: auto
  duration settle{10'000};
  duration quiet{3'000};
  int samples = 3;
  duration poll{1'000};
  std::optional<duration> deny_patience;  // nullopt: auto
};

enum class kubernetes_mode { automatic, off, required };

struct kubernetes_settings {
  kubernetes_mode mode = kubernetes_mode::automatic;
  std::string url;  // empty: pod_facts::api_url
  std::string token_file = "/var/run/secrets/kubernetes.io/serviceaccount/token";
  std::string ca_file = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
  // A node with one of these is about to go: cluster-autoscaler, Karpenter, AWS' node-termination-handler, GKE, an
  // operator's out-of-service.
  std::vector<std::string> taints = {"ToBeDeletedByClusterAutoscaler",
                                     "karpenter.sh/disrupted",
                                     "aws-node-termination-handler/spot-itn",
                                     "aws-node-termination-handler/scheduled-maintenance",
                                     "aws-node-termination-handler/asg-lifecycle-termination",
                                     "aws-node-termination-handler/rebalance-recommendation",
                                     "cloud.google.com/impending-node-termination",
                                     "node.kubernetes.io/out-of-service"};
  std::string fleet;
  std::string cluster;
};

struct listen_settings {
  std::string probes = "[::]:9011";
  std::string control = "127.0.0.1:9012";
  std::string token_file;
};

struct retry_settings {
  double ratio = 0.1;
  double burst = 10;
};

enum class log_level { debug, info, warning, error };
enum class log_format { logfmt, json };

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::logfmt;
};

// Facts of the pod, from the downward API's usual variables, else empty.
struct pod_facts {
  std::string name, name_space, uid, ip, node;
  std::string api_url;         // of the API server, from KUBERNETES_SERVICE_HOST and _PORT; empty outside a cluster
  bool in_kubernetes = false;  // KUBERNETES_SERVICE_HOST is set
};

// The API server's address; empty: there is none, or it is not to be asked.
inline std::string api_url_of(const kubernetes_settings& k, const pod_facts& pod) {
  if (k.mode == kubernetes_mode::off) return {};
  return k.url.empty() ? pod.api_url : k.url;
}

struct settings {
  executor_settings executor;
  dremio_settings dremio;
  prometheus_settings prometheus;
  drain_settings drain;
  kubernetes_settings kubernetes;
  listen_settings listen;
  retry_settings retry;
  log_settings log;
  pod_facts pod;
};

}  // namespace ebb::config
