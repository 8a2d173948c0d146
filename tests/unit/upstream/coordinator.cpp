#include "agent/upstream/dremio.hpp"

#include "agent/http/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/result_of.hpp"

namespace ebb::sim {
namespace {

// A coordinator that takes its time to log somebody in.
struct scene {
  scene() {
    server.runs([this](host& h) { return serve(h); });
    server.boot();
    settings.url = "http://coordinator:9047";
    settings.user.value = "ebb";
    settings.password.value = "secret";
    settings.login_timeout = 10s;
    connection.configure(settings.url, {}, {});
    asked.configure(settings);
    w.run_for(1s);
  }

  rt::task<> serve(host& h) {
    auto port = h.net().listen("0.0.0.0:9047");
    co_await http::serve(h.clock(), **port, [&](http::request r) { return answer(h, std::move(r)); });
  }

  rt::task<http::response> answer(host& h, http::request r) {
    http::response out;
    if (r.target.ends_with("/login")) {
      ++logins;
      shown = r.body;
      co_await h.clock().sleep_for(login_lasts);
      if (!accepted.empty() && r.body.find(accepted) == std::string::npos) out.status = 401;
      out.body = R"({"token":"t","userName":"ebb","admin":true})";
    } else if (r.target == "/oauth/token") {
      ++logins;
      out.status = 400;
      out.body = R"({"error":"invalid_client"})";
    } else {
      ++list_calls;
      out.body = r.method == "GET" ? "[]" : r.body;
    }
    co_return out;
  }

  keeper::list_call write(rt::duration within) {
    return result_of(w, agent, asked.write({"executor-0"}, rt::deadline::after(agent.clock(), within)));
  }

  world w{1};
  host& server = w.add_host("coordinator");
  host& agent = w.add_host("executor-0").boot();
  config::dremio_settings settings;
  upstream::upstream connection{agent.net(), agent.clock(), agent.random()};
  upstream::coordinator asked{connection, agent.files(), agent.random()};
  rt::duration login_lasts{};
  int logins = 0, list_calls = 0;
  std::string accepted, shown;  // what a login must have in it; what the last one had
};

}  // namespace

TEST_CASE("a list whose login outlasted the call is not sent, and the token serves the next call") {
  scene s;
  s.login_lasts = 3s;
  CHECK(s.write(1s).outcome == core::list_outcome::retry);
  CHECK(s.logins == 1);
  CHECK(s.list_calls == 0);
  CHECK(s.write(1s).outcome == core::list_outcome::ok);
  CHECK(s.logins == 1);
  CHECK(s.list_calls == 1);
}

TEST_CASE("credentials that were refused are shown again seldom, others at once") {
  scene s;
  s.accepted = "another";
  s.agent.files().put("/password", "secret");
  s.settings.password = {.value = {}, .file = "/password"};
  s.asked.configure(s.settings);
  const auto minute = [&s] {
    const auto before = s.logins;
    for (int i = 0; i < 60; ++i) {
      CHECK(s.write(100ms).outcome != core::list_outcome::ok);
      s.w.run_for(1s);
    }
    return s.logins - before;
  };
  CHECK(minute() == 4);  // after 0, 5, 15 and 35 s
  CHECK(minute() == 1);
  CHECK(s.asked.last_login_error().find("401") != std::string::npos);
  s.agent.files().put("/password", "another");
  CHECK(s.write(1s).outcome == core::list_outcome::ok);
}

TEST_CASE("no retry is spent on what is not sent") {
  scene s;
  s.accepted = "another";
  CHECK(s.write(1s).outcome != core::list_outcome::ok);
  for (int i = 0; i < 30; ++i) CHECK(s.asked.pause_before_retry({}) <= 5s);
  CHECK(s.connection.stats().exhausted == 0);
}

TEST_CASE("a service user that is refused as a bad request is shown again seldom as well") {
  scene s;
  s.settings.client_id = "ebb";
  s.settings.client_secret.value = "secret";
  s.asked.configure(s.settings);
  for (int i = 0; i < 60; ++i) {
    CHECK(s.write(100ms).outcome != core::list_outcome::ok);
    s.w.run_for(1s);
  }
  CHECK(s.logins == 4);
}

TEST_CASE("an account that was replaced in its files is the one that logs in") {
  scene s;
  s.agent.files().put("/user", "one\n");
  s.agent.files().put("/password", "p1\n");
  s.settings.user = {.value = {}, .file = "/user"};
  s.settings.password = {.value = {}, .file = "/password"};
  s.asked.configure(s.settings);
  CHECK(s.write(1s).outcome == core::list_outcome::ok);
  CHECK(s.shown == R"({"userName":"one","password":"p1"})");
  s.agent.files().put("/user", "two\n");
  s.agent.files().put("/password", "p2\n");
  s.asked.configure(s.settings);
  CHECK(s.write(1s).outcome == core::list_outcome::ok);
  CHECK(s.shown == R"({"userName":"two","password":"p2"})");
}

}  // namespace ebb::sim
