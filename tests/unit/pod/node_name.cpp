#include "agent/pod/node_name.hpp"

#include <boost/asio/error.hpp>
#include <map>

#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

namespace ebb::pod {
namespace {

namespace asio = rt::asio;
using names = std::vector<std::string>;

// Answers from tables; what is not in them is not found.
struct table final : rt::resolver {
  std::string host;
  std::map<std::string, names> forward;
  std::map<std::string, std::string> backward;

  rt::task<rt::result<std::vector<asio::ip::address>>> resolve(std::string name) override {
    const auto found = forward.find(name);
    if (found == forward.end()) co_return rt::error_code(asio::error::host_not_found);
    std::vector<asio::ip::address> out;
    for (const auto& text : found->second) out.push_back(asio::ip::make_address(text));
    co_return out;
  }
  rt::task<rt::result<std::string>> reverse(asio::ip::address of) override {
    const auto found = backward.find(of.to_string());
    if (found == backward.end()) co_return rt::error_code(asio::error::host_not_found);
    co_return found->second;
  }
  std::string host_name() override { return host; }
};

struct row {
  const char* claim;
  std::string host;
  std::map<std::string, names> forward;
  std::map<std::string, std::string> backward;
  std::string expected;  // "": an error
};

TEST_CASE("the node's name is what the JDK makes of the host", "[pod]") {
  const std::string pod = "dremio-executor-0", full = "dremio-executor-0.dremio-cluster-pod.ns.svc.cluster.local";
  const row rows[] = {
      {"a StatefulSet pod has the name of /etc/hosts",
       pod,
       {{pod, {"10.1.2.3"}}, {full, {"10.1.2.3"}}},
       {{"10.1.2.3", full}},
       full},
      {"an address without a name is the name", pod, {{pod, {"10.1.2.3"}}}, {}, "10.1.2.3"},
      {"a name that resolves elsewhere is not believed",
       pod,
       {{pod, {"10.1.2.3"}}, {"other", {"10.9.9.9"}}},
       {{"10.1.2.3", "other"}},
       "10.1.2.3"},
      {"a name that does not resolve is not believed", pod, {{pod, {"10.1.2.3"}}}, {{"10.1.2.3", "gone"}}, "10.1.2.3"},
      {"one matching address of several is enough",
       pod,
       {{pod, {"10.1.2.3"}}, {full, {"10.9.9.9", "10.1.2.3"}}},
       {{"10.1.2.3", full}},
       full},
      {"IPv4 comes first",
       pod,
       {{pod, {"fd00::5", "10.1.2.3"}}, {full, {"10.1.2.3"}}},
       {{"10.1.2.3", full}, {"fd00::5", "six"}},
       full},
      {"the first of several IPv4 addresses counts", pod, {{pod, {"10.1.2.3", "10.0.0.1"}}}, {}, "10.1.2.3"},
      {"IPv6 alone is used", pod, {{pod, {"fd00::5"}}, {full, {"fd00::5"}}}, {{"fd00::5", full}}, full},
      {"an IPv6 address is written without ::", pod, {{pod, {"fd00::5"}}}, {}, "fd00:0:0:0:0:0:0:5"},
      {"a mapped address is IPv4", pod, {{pod, {"::ffff:10.1.2.3"}}}, {}, "10.1.2.3"},
      {"the case of the answer is kept",
       pod,
       {{pod, {"10.1.2.3"}}, {"Node-A.Example", {"10.1.2.3"}}},
       {{"10.1.2.3", "Node-A.Example"}},
       "Node-A.Example"},
      {"a host that cannot be resolved has no name", pod, {}, {}, ""},
  };
  for (const auto& r : rows) {
    INFO(r.claim);
    test::loop loop;
    table t;
    t.host = r.host;
    t.forward = r.forward;
    t.backward = r.backward;
    const auto name = loop.start(computed_name(t));
    REQUIRE(name->has_value());
    if (r.expected.empty())
      CHECK((*name)->error() == asio::error::host_not_found);
    else
      CHECK((*name)->value() == r.expected);
  }
}

TEST_CASE("addresses are known in either writing", "[pod]") {
  CHECK(is_address("10.1.2.3"));
  CHECK(is_address("fd00::5"));
  CHECK(is_address("fd00:0:0:0:0:0:0:5"));
  CHECK_FALSE(is_address("dremio-executor-0"));
  CHECK_FALSE(is_address(""));
  CHECK(java_text(asio::ip::make_address("::1")) == "0:0:0:0:0:0:0:1");
  CHECK(java_text(asio::ip::make_address("2001:db8::ff00:42:8329")) == "2001:db8:0:0:0:ff00:42:8329");
}

}  // namespace
}  // namespace ebb::pod
