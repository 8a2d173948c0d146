#pragma once
// The own node, where the account may look at nodes: a cordon, or a taint that says that it is about to go, denies this
// executor early, stops nothing, and is undone when it goes. A node that shuts down shortens the deadline.
#include "agent/drain/journal.hpp"
#include "agent/drain/node.hpp"
#include "agent/pod/object_watch.hpp"
#include "proto/kubernetes/node.hpp"

namespace ebb::pod {

constexpr rt::duration nodes_forbidden_for = std::chrono::minutes(10);

// Why the node is about to go, e.g. "cordoned"; empty: it is not. `keys`: taints that mean it.
std::string going(const kubernetes::node& n, const std::vector<std::string>& keys);

// The kubelet announces a graceful shutdown by a condition alone.
bool shutting_down(const kubernetes::node& n);

class node_watch final : private watched_object {
 public:
  node_watch(drain::node& n, drain::journal& j, upstream::api_server& api, rt::random_source& random)
      : node_(n), journal_(j), api_(api), watch_(api, random, *this, nodes_forbidden_for) {}

  // The duty: runs until cancelled; returns at once where the node's name is not known.
  rt::task<> run();

 private:
  proto::result<std::string> listed(std::string_view body, const moment& at) override;
  proto::result<void> changed(std::string_view object, const moment& at) override;
  proto::result<void> deleted(std::string_view object, const moment& at) override;
  void trouble(std::string_view error) override;
  proto::result<void> saw(const kubernetes::node& n);

  drain::node& node_;
  drain::journal& journal_;
  upstream::api_server& api_;
  object_watch watch_;
};

}  // namespace ebb::pod
