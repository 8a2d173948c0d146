#include "tests/support/sim/names.hpp"

#include <boost/asio/error.hpp>

#include "tests/support/sim/host.hpp"
#include "tests/support/sim/wires.hpp"

namespace ebb::sim {

namespace {

// Also of a pod that has names but no host, which is asked for and never answers.
asio::ip::address address_of(const wires& net, const std::string& pod) { return asio::ip::make_address(net.ip(pod)); }

}  // namespace

rt::task<rt::result<std::vector<asio::ip::address>>> names::resolve(std::string name) {
  if (owner_.fails(seam::resolve)) co_return error_code(asio::error::host_not_found_try_again);
  std::vector<asio::ip::address> found;
  error_code not_literal;
  if (auto literal = asio::ip::make_address(name, not_literal); !not_literal) {
    found.push_back(literal);
    co_return found;
  }
  auto& net = owner_.home().net();
  if (is_loopback_name(name)) {
    found.push_back(asio::ip::address_v4::loopback());
    co_return found;
  }
  co_await owner_.clock().sleep_for(net.draw_latency(false));
  const auto pod = net.resolve(owner_, name);
  if (!pod) co_return error_code(asio::error::host_not_found);
  found.push_back(address_of(net, *pod));
  co_return found;
}

rt::task<rt::result<std::string>> names::reverse(asio::ip::address of) {
  if (owner_.fails(seam::resolve)) co_return error_code(asio::error::host_not_found_try_again);
  if (of.is_loopback()) co_return std::string("localhost");
  auto& net = owner_.home().net();
  co_await owner_.clock().sleep_for(net.draw_latency(false));
  const auto pod = net.resolve(owner_, of.to_string());
  if (!pod) co_return error_code(asio::error::host_not_found);
  co_return *pod;
}

std::string names::host_name() { return owner_.pod(); }

}  // namespace ebb::sim
