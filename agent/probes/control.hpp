#pragma once
// POST /drain, /undrain, /stop: what people, hooks and scripts may ask of a node. Everything else about a node follows
// from signals and facts; no GET changes anything.
#include <functional>
#include <optional>
#include <string>

#include "agent/core/last_node.hpp"
#include "agent/drain/journal.hpp"
#include "agent/http/message.hpp"
#include "agent/probes/snapshot.hpp"

namespace ebb::probes {

class control {
 public:
  struct ports {
    std::function<rt::task<core::last_node>()> last_node;  // asks the coordinator, at most some seconds
    std::function<std::optional<std::string>()> token;     // the bearer that may control from elsewhere
  };

  control(drain::node& n, drain::journal& j, const sources& s, ports p)
      : node_(n), journal_(j), sources_(s), ports_(std::move(p)) {}

  // Whether `path` is one of control's.
  static bool owns(std::string_view path);

  // `loopback_suffices`: on the control port a caller from the loopback needs no token.
  rt::task<http::response> handle(http::request req, bool loopback_suffices);

 private:
  bool allowed(const http::request& req, bool loopback_suffices) const;
  rt::task<http::response> drain(http::request req);
  http::response undrain(std::string_view target);  // ?cause=hook: that one alone
  http::response stop();
  void begin_hook(std::optional<rt::duration>& limit);
  rt::task<> wait_for_end(core::cause c, std::optional<rt::duration> limit);
  http::response status(unsigned code, std::string error = {}) const;

  drain::node& node_;
  drain::journal& journal_;
  const sources& sources_;
  ports ports_;
};

}  // namespace ebb::probes
