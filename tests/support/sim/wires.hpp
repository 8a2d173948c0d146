#pragma once
// What lies between the hosts: names and addresses, latency, cuts, and the faults that a new connection is given.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/sim/random.hpp"
#include "tests/support/sim/world.hpp"

namespace ebb::sim {

class connection;
class acceptor;

// Chances of what happens to one connection. They are drawn when it is made: a chance for each write would leave
// hardly an exchange alive, because an HTTP message is many small writes.
struct connection_faults {
  double lost_syn = 0;   // each SYN; the kernel repeats it after 1 s, 3 s, 7 s, …
  double refused = 0;    // as if nobody listened
  double reset = 0;      // both ends see connection_reset at some time within `span`
  double half_open = 0;  // from some time within `span` on nothing arrives any more, in either direction
  rt::duration span = 10s;
};

bool is_loopback_name(std::string_view name);

class wires {
 public:
  explicit wires(world& w) : world_(w), random_(w.fork("wires")) {}

  // --- for scenarios
  struct delay {
    rt::duration least = 200us;
    rt::duration most = 3ms;
  };
  delay latency;  // one way, between pods
  delay loopback{20us, 60us};
  double fragmentation = 0.05;      // chance that a write arrives in two pieces
  std::size_t window = 256 * 1024;  // bytes on their way or unread before a writer has to wait
  connection_faults faults;         // of connections between pods

  // Instead of `faults`, for connections to this pod; nothing restores them.
  void set_faults(const std::string& pod, std::optional<connection_faults> f);
  // A further name of a pod, or of an address outside the simulation (a pod nobody lives in).
  void alias(std::string name, std::string pod) { names_[std::move(name)] = std::move(pod); }
  void forget(const std::string& name) { forgotten_.insert(name); }  // it cannot be resolved any more
  void recall(const std::string& name) { forgotten_.erase(name); }

  // A cut delays what is on its way until heal(), as TCP repeats it; new connections wait for the SYN to get through.
  void cut_one_way(const std::string& from, const std::string& to) { cuts_.emplace(from, to); }
  void cut(const std::string& a, const std::string& b);
  void isolate(const std::string& pod);                   // from all pods that exist, both ways
  void mend(const std::string& a, const std::string& b);  // the cuts between these two
  void heal();                                            // all cuts
  bool passes(const std::string& from, const std::string& to) const { return !cuts_.contains({from, to}); }

  // Every connection between the two pods is reset now.
  void reset(const std::string& a, const std::string& b);

  // --- for the simulated network
  using address = std::pair<std::string, std::uint16_t>;
  std::optional<std::string> resolve(const host& asker, std::string_view name) const;
  std::string ip(const std::string& pod) const;  // the documentation's net 192.0.2.0/24 for pods without hosts
  rt::duration draw_latency(bool loopback);
  const connection_faults& faults_of(const std::string& pod) const;
  random& draws() noexcept { return random_; }
  std::uint16_t ephemeral_port() noexcept { return next_port_ = next_port_ < 60'999 ? next_port_ + 1 : 32'768; }
  bool bind(const address& where, acceptor& a) { return ports_.emplace(where, &a).second; }
  void unbind(const address& where, const acceptor& a);
  acceptor* find(const address& where) const;
  void add(std::weak_ptr<connection> c);
  world& home() noexcept { return world_; }

 private:
  template <class Visit>
  void each_connection(Visit visit);

  world& world_;
  random random_;
  std::map<std::string, std::string, std::less<>> names_;
  std::set<std::string, std::less<>> forgotten_;
  std::set<std::pair<std::string, std::string>> cuts_;
  std::map<std::string, connection_faults> faults_;
  std::map<address, acceptor*> ports_;
  std::vector<std::weak_ptr<connection>> connections_;
  std::size_t swept_at_ = 64;
  std::uint16_t next_port_ = 32'767;
};

}  // namespace ebb::sim
