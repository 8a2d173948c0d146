#include "tests/support/sim/network.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "tests/support/sim/acceptor.hpp"
#include "tests/support/sim/connection.hpp"
#include "tests/support/sim/host.hpp"
#include "tests/support/sim/wires.hpp"

namespace ebb::sim {

namespace {

// The kernel gives up on a SYN after about two minutes (tcp_syn_retries = 6).
constexpr rt::duration longest_syn_pause = 64s;

std::optional<std::pair<std::string, std::uint16_t>> split_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (ec != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return std::pair(std::string(host), port);
}

class host_network final : public rt::network {
 public:
  explicit host_network(host& self) : self_(self) {}

  rt::task<rt::result<rt::byte_stream>> connect(rt::destination to) override;
  rt::result<std::unique_ptr<rt::listener>> listen(std::string address) override;

 private:
  enum class answer { nothing, refused, accepted };
  answer knock(const std::string& pod, std::uint16_t port, bool by_loopback);
  rt::byte_stream establish(acceptor& there, bool by_loopback);
  void inflict(const std::shared_ptr<connection>& c, const connection_faults& f);
  wires& net() { return self_.home().net(); }

  host& self_;
};

// What a SYN meets when it arrives.
host_network::answer host_network::knock(const std::string& pod, std::uint16_t port, bool by_loopback) {
  const bool local = pod == self_.pod();
  if (!local) {
    const auto& f = net().faults_of(pod);
    if (!net().passes(self_.pod(), pod) || !net().passes(pod, self_.pod())) return answer::nothing;
    if (net().draws().chance(f.lost_syn)) return answer::nothing;
    if (net().draws().chance(f.refused)) return answer::refused;
  }
  if (acceptor* there = net().find({pod, port}); there != nullptr && there->admits(by_loopback))
    return there->full() ? answer::nothing : answer::accepted;
  const auto& all = self_.home().hosts();
  const bool somebody =
      std::any_of(all.begin(), all.end(), [&](const auto& h) { return h->pod() == pod && !h->dark(); });
  return somebody ? answer::refused : answer::nothing;
}

rt::task<rt::result<rt::byte_stream>> host_network::connect(rt::destination to) {
  if (self_.fails(seam::connect)) co_return error_code(asio::error::connection_refused);
  const auto pod = net().resolve(self_, to.host);
  if (!pod) {
    co_await self_.clock().sleep_for(net().draw_latency(false));
    co_return error_code(asio::error::host_not_found);
  }
  const bool by_loopback = is_loopback_name(to.host);
  const bool local = *pod == self_.pod();
  for (rt::duration pause = 1s;; pause *= 2) {
    co_await self_.clock().sleep_for(net().draw_latency(local));
    const auto met = knock(*pod, to.port, by_loopback);
    if (met == answer::accepted) break;
    if (met == answer::refused) {
      co_await self_.clock().sleep_for(net().draw_latency(local));
      co_return error_code(asio::error::connection_refused);
    }
    if (pause > longest_syn_pause) co_return error_code(asio::error::timed_out);
    co_await self_.clock().sleep_for(pause);
  }
  auto stream = establish(*net().find({*pod, to.port}), by_loopback);
  co_await self_.clock().sleep_for(net().draw_latency(local));
  if (to.tls.enabled) co_await self_.clock().sleep_for(2 * net().draw_latency(local));
  co_return std::move(stream);
}

rt::byte_stream host_network::establish(acceptor& there, bool by_loopback) {
  auto c = std::make_shared<connection>(net(), self_, there.owner());
  net().add(c);
  rt::accepted a;
  a.loopback = by_loopback;
  a.peer = (by_loopback ? "127.0.0.1" : net().ip(self_.pod())) + ":" + std::to_string(net().ephemeral_port());
  a.stream = make_stream(c, 1, there.owner().executor());
  there.push(std::move(a));
  if (there.owner().pod() != self_.pod()) inflict(c, net().faults_of(there.owner().pod()));
  return make_stream(c, 0, self_.executor());
}

void host_network::inflict(const std::shared_ptr<connection>& c, const connection_faults& f) {
  auto& w = self_.home();
  auto& draws = net().draws();
  std::weak_ptr<connection> weak = c;
  if (draws.chance(f.reset))
    w.schedule(w.now() + draws.between(0ns, f.span), [weak] {
      if (auto alive = weak.lock()) alive->reset();
    });
  if (draws.chance(f.half_open))
    w.schedule(w.now() + draws.between(0ns, f.span), [weak] {
      if (auto alive = weak.lock()) alive->go_silent();
    });
}

rt::result<std::unique_ptr<rt::listener>> host_network::listen(std::string address) {
  namespace errc = boost::system::errc;
  if (self_.fails(seam::listen)) return errc::make_error_code(errc::address_in_use);
  const auto where = split_address(address);
  if (!where) return errc::make_error_code(errc::invalid_argument);
  const auto port = where->second != 0 ? where->second : net().ephemeral_port();
  wires::address place(self_.pod(), port);
  auto made = std::make_unique<acceptor>(net(), self_, place, is_loopback_name(where->first));
  if (!net().bind(place, *made)) return errc::make_error_code(errc::address_in_use);
  return std::unique_ptr<rt::listener>(std::move(made));
}

}  // namespace

std::unique_ptr<rt::network> make_network(host& owner) { return std::make_unique<host_network>(owner); }

}  // namespace ebb::sim
