#include "tests/support/sim/wires.hpp"

#include <algorithm>

#include "tests/support/sim/connection.hpp"
#include "tests/support/sim/host.hpp"

namespace ebb::sim {

namespace {

std::size_t pod_number(const world& w, const std::string& pod) {
  for (const auto& h : w.hosts())
    if (h->pod() == pod) return h->number();
  return w.hosts().size();
}

}  // namespace

bool is_loopback_name(std::string_view name) {
  return name == "localhost" || name == "::1" || name.substr(0, 4) == "127.";
}

void wires::set_faults(const std::string& pod, std::optional<connection_faults> f) {
  if (f)
    faults_[pod] = *f;
  else
    faults_.erase(pod);
}

void wires::cut(const std::string& a, const std::string& b) {
  cut_one_way(a, b);
  cut_one_way(b, a);
}

void wires::isolate(const std::string& pod) {
  for (const auto& h : world_.hosts())
    if (h->pod() != pod) cut(pod, h->pod());
}

void wires::mend(const std::string& a, const std::string& b) {
  cuts_.erase({a, b});
  cuts_.erase({b, a});
  each_connection([&](connection& c) {
    if (c.joins(a, b)) c.flush_delayed();
  });
}

void wires::heal() {
  cuts_.clear();
  each_connection([](connection& c) { c.flush_delayed(); });
}

void wires::reset(const std::string& a, const std::string& b) {
  each_connection([&](connection& c) {
    if (c.joins(a, b)) c.reset();
  });
}

template <class Visit>
void wires::each_connection(Visit visit) {
  const auto all = connections_;  // a visit may make new ones
  for (const auto& weak : all)
    if (auto c = weak.lock()) visit(*c);
}

std::optional<std::string> wires::resolve(const host& asker, std::string_view name) const {
  if (is_loopback_name(name)) return asker.pod();
  if (forgotten_.contains(name)) return std::nullopt;
  if (const auto it = names_.find(name); it != names_.end()) return it->second;
  for (const auto& h : world_.hosts())
    if (h->pod() == name || ip(h->pod()) == name) return h->pod();
  return std::nullopt;
}

std::string wires::ip(const std::string& pod) const {
  const auto n = pod_number(world_, pod);
  if (n == world_.hosts().size()) return "192.0.2.1";
  return "10.0." + std::to_string(n / 256) + "." + std::to_string(n % 256);
}

rt::duration wires::draw_latency(bool is_loopback) {
  const delay& d = is_loopback ? loopback : latency;
  return random_.between(d.least, d.most);
}

const connection_faults& wires::faults_of(const std::string& pod) const {
  const auto it = faults_.find(pod);
  return it == faults_.end() ? faults : it->second;
}

void wires::unbind(const address& where, const acceptor& a) {
  if (const auto it = ports_.find(where); it != ports_.end() && it->second == &a) ports_.erase(it);
}

acceptor* wires::find(const address& where) const {
  const auto it = ports_.find(where);
  return it == ports_.end() ? nullptr : it->second;
}

void wires::add(std::weak_ptr<connection> c) {
  if (connections_.size() >= swept_at_) {
    std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
    swept_at_ = std::max<std::size_t>(64, connections_.size() * 2);
  }
  connections_.push_back(std::move(c));
}

}  // namespace ebb::sim
