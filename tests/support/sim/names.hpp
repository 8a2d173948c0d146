#pragma once
// A host's resolver over the names that the world's wires know. A pod's address leads back to the pod's name.
#include "agent/rt/resolver.hpp"

namespace ebb::sim {

class host;

class names final : public rt::resolver {
 public:
  explicit names(host& owner) : owner_(owner) {}
  rt::task<rt::result<std::vector<rt::asio::ip::address>>> resolve(std::string name) override;
  rt::task<rt::result<std::string>> reverse(rt::asio::ip::address of) override;
  std::string host_name() override;

 private:
  host& owner_;
};

}  // namespace ebb::sim
