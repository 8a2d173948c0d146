#include "agent/pod/events.hpp"

#include "tests/unit/pod/fixture.hpp"

namespace ebb::pod {
namespace {

struct telling : fixture {
  pod::events sent{node, api, loop.io.get_executor()};
  telling() {
    node.pod.configured = true;
    loop.spawn(sent.run());
    loop.poll();
  }
  void add(bool always = false) {
    sent.add({"Draining", "draining (denying) because of sigterm: told", false, always});
    loop.poll();
  }
  void say(bool always = false) {
    add(always);
    loop.advance(event_delay);
  }
};

TEST_CASE("an event goes to the pod that it is about, and nobody waits for it", "[pod]") {
  telling f;
  f.add();
  f.loop.advance(event_delay - 1ms);
  CHECK(f.net.servers.empty());
  f.loop.advance(1ms);
  const auto request = f.asked(0);
  CHECK_THAT(request, ContainsSubstring("POST /apis/events.k8s.io/v1/namespaces/dremio/events HTTP/1.1"));
  CHECK_THAT(request, ContainsSubstring(R"("reason":"Draining")"));
  CHECK_THAT(request, ContainsSubstring(R"("reportingController":"ebb.dev/agent")"));
  CHECK_THAT(request, ContainsSubstring(R"("uid":"u-1")"));
  CHECK_THAT(request, ContainsSubstring(R"("eventTime":"1994-11-06T09:49:37.000000Z")"));
}

TEST_CASE("events of one moment have names of their own", "[pod]") {
  telling f;
  const auto name = [&f] {
    const auto request = f.asked(0);
    f.answer(0, "{}", "201 Created");
    const auto at = request.find("\"name\":");
    return request.substr(at, request.find(',', at) - at);
  };
  f.add();
  f.say();
  const auto first = name();
  CHECK(first != name());
}

TEST_CASE("one that the server refuses is not sent again", "[pod]") {
  telling f;
  f.say();
  f.asked(0);
  f.answer(0, R"({"kind":"Status","code":403,"message":"events is forbidden"})", "403 Forbidden");
  f.loop.advance(600s);
  CHECK(f.asked(0).empty());
  CHECK(f.sent.dropped() == 1);
}

TEST_CASE("a burst of 25 and then one each five minutes; those of the last drain always", "[pod]") {
  telling f;
  int sent = 0;
  const auto drain_out = [&] {
    while (!f.net.servers.empty() && !f.net.servers.back().received().empty()) {
      ++sent;
      f.answer(f.net.servers.size() - 1, "{}", "201 Created");
    }
  };
  for (int i = 0; i < 40; ++i) {
    f.say();
    drain_out();
  }
  CHECK(sent == 25);
  CHECK(f.sent.dropped() == 15);
  f.loop.advance(300s);
  f.say();
  drain_out();
  f.say();
  drain_out();
  CHECK(sent == 26);
  f.say(true);
  drain_out();
  CHECK(sent == 27);
}

TEST_CASE("what waits is bounded, and so is the wait for it", "[pod]") {
  telling f;
  for (int i = 0; i < 100; ++i) f.sent.add({"Draining", "x", false, true});
  CHECK(f.sent.dropped() == 100 - most_waiting);
  bool flushed = false;
  const auto wait = [](pod::events& e, rt::deadline dl, bool& done) -> rt::task<> {
    co_await e.flush(dl);
    done = true;
  };
  f.loop.spawn(wait(f.sent, rt::deadline::after(f.loop.clock, 1s), flushed));
  f.loop.poll();
  CHECK_FALSE(flushed);
  CHECK_THAT(f.asked(0), ContainsSubstring("POST"));  // without event_delay
  f.loop.advance(1s);
  CHECK(flushed);
}

}  // namespace
}  // namespace ebb::pod
