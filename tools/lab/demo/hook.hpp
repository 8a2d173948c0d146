#pragma once
// The known remedy, as an algorithm: what a preStop hook in shell does before the kubelet sends SIGTERM. Its faults are
// kept on purpose: it reads the deny list, adds to it and writes it back without a second look; it takes the node for
// denied when the name occurs anywhere in the list; one failed call ends it; the first zero that Prometheus has
// releases the executor. Where the original is not known to do worse, this one does the kinder thing.
#include <optional>
#include <string>

#include "agent/http/client.hpp"

namespace ebb::lab {

// What Prometheus knows: the last scrape of each executor, as old as the scrape interval allows.
class prometheus_stand_in {
 public:
  prometheus_stand_in(rt::clock_source& clock, rt::network& net) : clock_(clock), net_(net) {}

  // Scrapes one executor until cancelled, at once and then every `interval` (the PodMonitor's usual 10 s) from `phase`
  // on.
  rt::task<> scrape(std::string node, std::uint16_t port, rt::duration phase, rt::duration interval);
  std::optional<double> fragments_active(const std::string& node) const;

 private:
  struct sample {
    std::string node;
    double value;
    rt::time_point at;
  };
  rt::clock_source& clock_;
  rt::network& net_;
  std::vector<sample> last_;
};

struct hook_settings {
  std::uint16_t coordinator = 0;
  std::string user, password;
  rt::duration wait = std::chrono::seconds(4);  // PROMETHEUS_WAIT_TIME of the guide
  int retries = 1000;                           // PROMETHEUS_QUERY_MAX_RETRIES of the guide
};

// Returns why it failed, or nothing when the executor may be stopped.
rt::task<std::string> run_hook(rt::clock_source& clock, rt::network& net, const prometheus_stand_in& prometheus,
                               hook_settings s, std::string node);

}  // namespace ebb::lab
