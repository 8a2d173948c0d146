#pragma once
// A simulated host "kubernetes" that serves the model of an API server over the simulated network: answers, watches as
// chunked bodies, faults. Its host's clock is the server's: `machine().clock().jump()` is a skew, and the Date header
// shows it.
#include <map>
#include <memory>
#include <string>

#include "agent/http/message.hpp"
#include "tests/sim/fleet/api_faults.hpp"
#include "tests/sim/fleet/api_model.hpp"
#include "tests/support/sim/host.hpp"

namespace ebb::sim {

class api_server {
 public:
  static constexpr auto host_name = "kubernetes";
  static constexpr auto url = "https://kubernetes:443";

  struct habits {
    bool bookmarks = true;                                 // false: none, as on a resource where nothing moves
    double split = 0.2;                                    // chance that a frame is written in pieces
    double merge = 0.2;                                    // chance that all frames that are there go out as one piece
    rt::duration least_watch = 1800s, most_watch = 3600s;  // of a watch that names no time
  };

  api_server(world& w, const std::string& name = host_name);

  api_model& model() { return model_; }
  api_faults& faults() { return faults_; }
  habits& how() { return habits_; }
  host& machine() { return machine_; }

  // What its clock says, as the host's, in whole seconds.
  rt::wall_time wall_now() const { return machine_.clock().wall_now(); }

 private:
  class telling;  // one watch on its way

  rt::task<> serve(host& h);
  rt::task<http::response> answer(http::request req);
  http::response empty_list() const;
  http::response rendered(api_answer a, const api_verdict& v);
  void reset_connections_of(const std::string& peer);

  world& world_;
  host& machine_;
  api_model model_;
  api_faults faults_;
  habits habits_;
};

}  // namespace ebb::sim
