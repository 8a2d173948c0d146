#pragma once
// Which path of which port answers what.
#include <functional>

#include "agent/http/server.hpp"
#include "agent/probes/control.hpp"
#include "agent/probes/metrics_page.hpp"

namespace ebb::probes {

class routes {
 public:
  struct ports {
    std::function<process_facts()> process;
    // Asks the API for the own pod, for seconds at most; what it says has become a cause when this returns. False: no
    // answer.
    std::function<rt::task<bool>()> look_at_pod;
  };

  routes(drain::node& n, const sources& s, control& c, ports p)
      : node_(n), sources_(s), control_(c), ports_(std::move(p)) {}

  // The probes' port: probes, metrics, status, the page, /drain/wait; control with the token.
  rt::task<http::response> probes(http::request req);
  // The control port: the same, and control from the loopback.
  rt::task<http::response> control_port(http::request req);

 private:
  http::response get(const http::request& req);
  rt::task<http::response> read(http::request req);
  bool holds() const;
  rt::task<http::response> drain_wait();
  rt::task<> hold(http::body_writer& body);

  drain::node& node_;
  const sources& sources_;
  control& control_;
  ports ports_;
  int held_ = 0;
};

}  // namespace ebb::probes
