#pragma once
// Takes a host's log into the world's journal, from the event on. While it is blocked it takes nothing, as a full pipe.
#include <string_view>

#include "agent/rt/log.hpp"

namespace ebb::sim {

class host;

class log_sink final : public rt::log_sink {
 public:
  explicit log_sink(host& owner) : owner_(owner) {}
  bool write(std::string_view line) override;
  void block(bool blocked) { blocked_ = blocked; }

 private:
  host& owner_;
  bool blocked_ = false;
};

}  // namespace ebb::sim
