// Sweeps, mischief, names and logs.
#include <boost/asio/error.hpp>

#include "agent/rt/within.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/mischief.hpp"
#include "tests/support/sim/sweep.hpp"

namespace ebb::sim {
namespace {

rt::task<> read_both(host& h, std::string& into) {
  for (const auto* path : {"/a", "/b"}) {
    auto text = h.files().read(path, 100);
    into += text ? *text : "-";
  }
  co_return;
}

TEST_CASE("a sweep fails nothing first, then each call once") {
  std::vector<std::string> ends;
  const auto calls = sweep([&](world& w) {
    auto& h = w.add_host("h").boot();
    h.files().put("/a", "a");
    h.files().put("/b", "b");
    std::string text;
    h.spawn(read_both(h, text));
    w.run_for(1s);
    ends.push_back(text);
  });
  CHECK(calls == 2);
  CHECK(ends == std::vector<std::string>{"ab", "-b", "a-"});
}

TEST_CASE("a sweep of one host leaves the others alone") {
  std::vector<std::string> ends;
  sweep_options only;
  only.host = "x";
  sweep(
      [&](world& w) {
        std::string text;
        for (const auto* name : {"x", "y"}) {
          auto& h = w.add_host(name).boot();
          h.files().put("/a", name);
          h.files().put("/b", name);
          h.spawn(read_both(h, text));
          w.run_for(1s);
        }
        ends.push_back(text);
      },
      only);
  CHECK(ends == std::vector<std::string>{"xxyy", "-xyy", "x-yy"});
}

rt::task<> look_up(host& h, std::string& into) {
  auto there = co_await h.names().resolve("b.example");
  into = there ? there->front().to_string() : there.error().message();
  if (!there) co_return;
  auto back = co_await h.names().reverse(there->front());
  into += " " + (back ? *back : back.error().message());
}

TEST_CASE("names lead to addresses and back") {
  world w(1);
  auto& a = w.add_host("a").boot();
  w.add_host("b");
  w.net().alias("b.example", "b");
  std::string found;
  a.spawn(look_up(a, found));
  w.run_for(1s);
  CHECK(found == "10.0.0.1 b");
  CHECK(a.names().host_name() == "a");
  w.net().forget("b.example");
  a.spawn(look_up(a, found));
  w.run_for(1s);
  CHECK(found == error_code(asio::error::host_not_found).message());
}

TEST_CASE("a log line carries virtual time and the host's name; a blocked sink drops it") {
  world w(1);
  auto& h = w.add_host("executor-3").boot();
  w.run_for(1500ms);
  h.log().info("start", {{"n", 1}});
  CHECK_THAT(w.log().lines().back(), ContainsSubstring("1.500000s executor-3 event=start"));
  h.sink().block(true);
  h.log().info("lost");
  CHECK_FALSE(w.log().contains("event=lost"));
  CHECK(h.log().dropped() == 1);
}

rt::task<> count_boots(host& h, int& boots) {
  ++boots;
  co_await h.clock().sleep_for(24h);
}

TEST_CASE("mischief comes and goes with the seed, and leaves everybody up") {
  scenario([](world& w) {
    std::vector<host*> all;
    int boots = 0;
    for (int i = 0; i < 5; ++i) {
      auto& h = w.add_host("h" + std::to_string(i));
      h.runs([&](host& me) { return count_boots(me, boots); });
      all.push_back(&h.boot());
    }
    mischief m;
    m.cuts = 5;
    m.crashes = 5;
    m.resets = 2;
    m.jumps = 2;
    m.drift_ppm = 200;
    unleash(w, all, 1s, 30s, m);
    w.run_for(45s);
    for (auto* h : all) CHECK(h->up());
    CHECK(boots > 5);
    CHECK(boots <= 10);
    for (auto* a : all)
      for (auto* b : all) CHECK(w.net().passes(a->pod(), b->pod()));
  });
}

}  // namespace
}  // namespace ebb::sim
