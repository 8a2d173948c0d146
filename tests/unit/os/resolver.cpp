#include "agent/os/resolver.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "tests/unit/os/dns_server.hpp"
#include "tests/unit/os/world.hpp"

namespace ebb::os {
namespace {

namespace asio = rt::asio;
using texts = std::vector<std::string>;

const std::string server_address = "127.53.0.1";

struct fixture {
  world w;
  std::optional<test::dns_server> dns;

  fixture() {
    try {
      dns.emplace(w.io, server_address);
    } catch (const boost::system::system_error& e) { WARN("no DNS server on port 53 here: " << e.what()); }
    configure("nameserver " + server_address + "\nsearch ns.svc.cluster.local svc.cluster.local\noptions ndots:5\n");
  }
  void configure(const std::string& text) { w.folder.write("resolv.conf", text); }
  explicit operator bool() const { return dns.has_value(); }

  static rt::task<texts> addresses(world& w, std::string name) {
    auto lookup = w.names.resolve(std::move(name));
    auto found = co_await rt::within(rt::deadline::after(w.clock, 8s), std::move(lookup));
    if (!found) co_return texts{found.error().message()};
    texts out;
    for (const auto& a : *found) out.push_back(a.to_string());
    co_return out;
  }
  static rt::task<std::string> name(world& w, std::string address) {
    auto lookup = w.names.reverse(asio::ip::make_address(address));
    auto found = co_await rt::within(rt::deadline::after(w.clock, 8s), std::move(lookup));
    co_return found ? *found : found.error().message();
  }
  texts resolve(std::string of) { return w.run(addresses(w, std::move(of)), dns->run()); }
  std::string reverse(std::string of) { return w.run(name(w, std::move(of)), dns->run()); }
};

const std::string not_found = rt::error_code(asio::error::host_not_found).message();
const std::string try_again = rt::error_code(asio::error::host_not_found_try_again).message();

TEST_CASE("literal addresses and localhost are asked of nobody", "[os][dns]") {
  fixture f;
  if (!f) return;
  CHECK(f.resolve("10.1.2.3") == texts{"10.1.2.3"});
  CHECK(f.resolve("fd00::1") == texts{"fd00::1"});
  CHECK(f.resolve("localhost") == texts{"127.0.0.1", "::1"});
  CHECK(f.dns->asked.empty());
}

TEST_CASE("a name is looked up in both families", "[os][dns]") {
  fixture f;
  if (!f) return;
  f.dns->records = {{"dremio.example.org A", {"10.0.0.1", "10.0.0.2"}}, {"dremio.example.org AAAA", {"fd00::1"}}};
  auto found = f.resolve("dremio.example.org.");
  std::ranges::sort(found);
  CHECK(found == texts{"10.0.0.1", "10.0.0.2", "fd00::1"});
}

TEST_CASE("a name of one family only is found", "[os][dns]") {
  fixture f;
  if (!f) return;
  f.dns->records = {{"a.example.org A", {"10.0.0.1"}}, {"b.example.org AAAA", {"fd00::1"}}};
  CHECK(f.resolve("a.example.org.") == texts{"10.0.0.1"});
  CHECK(f.resolve("b.example.org.") == texts{"fd00::1"});
}

TEST_CASE("short names are searched for as resolv.conf says", "[os][dns]") {
  fixture f;
  if (!f) return;
  f.dns->records = {{"dremio-client.ns.svc.cluster.local A", {"10.0.0.1"}}, {"api.svc.cluster.local A", {"10.0.0.2"}}};
  CHECK(f.resolve("dremio-client") == texts{"10.0.0.1"});
  CHECK(f.resolve("api") == texts{"10.0.0.2"});
}

TEST_CASE("a name that is not there is not found, and nobody to ask is another error", "[os][dns]") {
  fixture f;
  if (!f) return;
  CHECK(f.resolve("nowhere.example.org.") == texts{not_found});
  f.configure("nameserver 127.53.0.99\n");
  CHECK(f.resolve("nowhere.example.org.") == texts{try_again});
}

TEST_CASE("addresses have names", "[os][dns]") {
  fixture f;
  if (!f) return;
  f.dns->records = {{"3.2.1.10.in-addr.arpa PTR", {"pod.svc.ns"}},
                    {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa PTR", {"six.ns"}}};
  CHECK(f.reverse("10.1.2.3") == "pod.svc.ns");
  CHECK(f.reverse("fd00::1") == "six.ns");
  CHECK(f.reverse("10.9.9.9") == not_found);
}

TEST_CASE("resolv.conf is read again when it has changed", "[os][dns]") {
  fixture f;
  if (!f) return;
  f.dns->records = {{"a.first.org A", {"10.0.0.1"}}, {"a.second.org A", {"10.0.0.2"}}};
  f.configure("nameserver " + server_address + "\nsearch first.org\n");
  CHECK(f.resolve("a") == texts{"10.0.0.1"});
  f.configure("nameserver " + server_address + "\nsearch second.org\n");
  CHECK(f.resolve("a") == texts{"10.0.0.2"});
}

rt::task<rt::duration> give_up(world& w) {
  const auto began = w.clock.now();
  auto lookup = w.names.resolve("silent.example.org.");
  auto found = co_await rt::within(rt::deadline::after(w.clock, 150ms), std::move(lookup));
  CHECK(found.error() == boost::system::errc::timed_out);
  co_return w.clock.now() - began;
}

TEST_CASE("a lookup that nobody answers is given up promptly, and the next one is not disturbed", "[os][dns]") {
  fixture f;
  if (!f) return;
  f.dns->records = {{"a.example.org A", {"10.0.0.1"}}};
  CHECK(f.w.run(give_up(f.w), f.dns->run()) < 1s);
  CHECK(f.resolve("a.example.org.") == texts{"10.0.0.1"});
}

rt::task<texts> two_at_once(world& w) {
  texts found;
  rt::nursery both(co_await asio::this_coro::executor);
  const auto look = [](world& in, std::string name, rt::duration limit, texts& out) -> rt::task<> {
    auto lookup = in.names.resolve(std::move(name));
    auto got = co_await rt::within(rt::deadline::after(in.clock, limit), std::move(lookup));
    out.push_back(got ? got->front().to_string() : got.error().message());
  };
  both.spawn(look(w, "silent.example.org.", 100ms, found));
  both.spawn(look(w, "a.example.org.", 5s, found));
  co_await both.join();
  co_return found;
}

TEST_CASE("giving one lookup up leaves another alone", "[os][dns]") {
  fixture f;
  if (!f) return;
  f.dns->records = {{"a.example.org A", {"10.0.0.1"}}};
  auto found = f.w.run(two_at_once(f.w), f.dns->run());
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "10.0.0.1");
}

TEST_CASE("the host has a name", "[os][dns]") {
  world w;
  CHECK_FALSE(w.names.host_name().empty());
}

}  // namespace
}  // namespace ebb::os
