#pragma once
// Which executors the coordinator believes in: rows of ZooKeeper. One that leaves is gone at once; one that dies is
// believed in until its session ends.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

constexpr duration zookeeper_session = 90s;

struct node {
  std::string name;  // the address that the deny list is compared with
  std::string ip;
  std::string tag;  // the engine
  time_point started;
  std::optional<time_point> believed_until;  // set when the process died without leaving
  bool answers(void) const { return !believed_until; }
};

class registry {
 public:
  // A process under this name is there; one of the same name that had died is replaced.
  void join(node n) { nodes_[n.name] = std::move(n); }
  void leave(std::string_view name) {
    if (auto i = nodes_.find(name); i != nodes_.end()) nodes_.erase(i);
  }
  void vanish(std::string_view name, time_point now) {
    if (auto i = nodes_.find(name); i != nodes_.end() && i->second.answers())
      i->second.believed_until = now + zookeeper_session;
  }
  // Forgets those whose session has ended.
  void expire(time_point now) {
    std::erase_if(nodes_, [&](const auto& n) { return n.second.believed_until && *n.second.believed_until <= now; });
  }

  bool has(std::string_view name) const { return nodes_.find(name) != nodes_.end(); }
  const node* find(std::string_view name) const {
    auto i = nodes_.find(name);
    return i == nodes_.end() ? nullptr : &i->second;
  }
  const std::map<std::string, node, std::less<>>& all() const { return nodes_; }

 private:
  std::map<std::string, node, std::less<>> nodes_;
};

}  // namespace ebb::lab
