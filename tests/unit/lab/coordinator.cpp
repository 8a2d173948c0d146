#include "tools/lab/model/coordinator.hpp"

#include <simdjson.h>

#include "tests/support/catch.hpp"

using namespace ebb::lab;

namespace {

constexpr const char* list_path = "/api/v3/nodeCollections/blacklist";

time_point at(duration d) { return time_point(d); }

struct site {
  coordinator::options o;
  std::unique_ptr<coordinator> c;

  explicit site(coordinator::options options = {}) : o(std::move(options)) {
    o.wall_at_zero = wall_time(std::chrono::milliseconds(1'700'000'000'000));
    o.who.known.push_back({"reader", "pw", "", rights::user, false});
    o.who.known.push_back({"robot", "pw", "cGF0+/=", rights::admin, false});
    o.who.known.push_back({"svc-id", "s+/=", "", rights::admin, true});
    c = std::make_unique<coordinator>(o, seeded(7));
  }
  answer ask(std::string_view method, std::string_view target, std::string_view authorization = {},
             std::string_view body = {}, std::string_view type = "application/json", time_point now = at(1s)) {
    call k;
    k.method = method, k.target = target, k.authorization = authorization, k.body = body, k.content_type = type;
    return c->handle(k, now);
  }
  std::string token(std::string_view user = "admin", std::string_view password = "secret1!", time_point now = at(1s)) {
    const auto body = R"({"userName":")" + std::string(user) + R"(","password":")" + std::string(password) + R"("})";
    const auto a = ask("POST", "/apiv2/login", {}, body, "application/json", now);
    simdjson::dom::parser p;
    std::string_view t;
    REQUIRE(a.status == 200);
    REQUIRE_FALSE(p.parse(a.body)["token"].get(t));
    return std::string(t);
  }
};

}  // namespace

TEST_CASE("a login tells token, expiry in epoch milliseconds, cluster and version") {
  site s;
  const auto a = s.ask("POST", "/apiv2/login", {}, R"({"userName":"admin","password":"secret1!"})");
  REQUIRE(a.status == 200);
  simdjson::dom::parser p;
  auto j = p.parse(a.body);
  CHECK(std::string_view(j["token"]).size() == 26);
  CHECK(int64_t(j["expires"]) == 1'700'000'000'000 + (30 * 3600 + 1) * 1000);
  CHECK(std::string_view(j["clusterId"]) == s.o.cluster_id);
  CHECK(std::string_view(j["version"]) == s.o.version);
  CHECK(bool(j["permissions"]["canManageNodeActivity"]));
}

TEST_CASE("logins fail as Dremio's do") {
  site s;
  CHECK(s.ask("POST", "/apiv2/login", {}, R"({"userName":"admin","password":"no"})").body ==
        R"({"errorMessage":"Login failed: Invalid username or password","moreInfo":"","stackTrace":[]})");
  CHECK(s.ask("POST", "/apiv2/login", {}, R"({"userName":"admin"})").status == 401);
  CHECK(s.ask("POST", "/apiv2/login", {}, R"({"userName":"svc-id","password":"s+/="})").status == 401);
  CHECK(s.ask("POST", "/apiv2/login", {}, "{").status == 400);
  CHECK(s.ask("POST", "/apiv2/login", {}, "{").content_type == "text/plain");
  CHECK(s.ask("POST", "/apiv2/login", {}, "{}", "text/plain").status == 415);
  coordinator::options empty;
  empty.who.known.clear();
  coordinator fresh(empty, seeded(1));
  call k;
  k.method = "POST", k.target = "/apiv2/login", k.content_type = "application/json";
  k.body = R"({"userName":"a","password":"b"})";
  CHECK(fresh.handle(k, at(0s)).status == 403);
}

TEST_CASE("a token is good in three header forms until it expires or is logged out") {
  site s;
  const auto t = s.token();
  for (const auto& form : {"Bearer " + t, "bearer  " + t, "_dremio" + t, "_dremio " + t, t}) {
    INFO(form);
    CHECK(s.ask("GET", list_path, form).status == 200);
  }
  for (const auto& form : {std::string(), "Basic " + t, "Bearer " + t + " x", "_DREMIO" + t, std::string("Bearer")}) {
    INFO(form);
    const auto a = s.ask("GET", list_path, form);
    CHECK(a.status == 401);
    CHECK(a.body.empty());
    CHECK(a.content_type.empty());
  }
  CHECK(s.ask("GET", "/apiv2/login", t).body == "true");
  CHECK(s.ask("GET", list_path, t, {}, {}, at(30h)).status == 200);
  CHECK(s.ask("GET", list_path, t, {}, {}, at(30h + 1s)).status == 401);
  const auto other = s.token();
  CHECK(s.ask("DELETE", "/apiv2/login", "Bearer " + other).status == 204);
  CHECK(s.ask("GET", list_path, other).status == 401);
}

TEST_CASE("a personal access token works at once, and as a password") {
  site s;
  CHECK(s.ask("GET", list_path, "Bearer cGF0+/=").status == 200);
  CHECK_FALSE(s.token("robot", "cGF0+/=").empty());
}

TEST_CASE("client credentials are read from an encoded form and give a token with its life in seconds") {
  site s;
  const auto ask = [&](const char* body, const char* type = "application/x-www-form-urlencoded") {
    return s.ask("POST", "/oauth/token", {}, body, type);
  };
  const auto ok = ask("grant_type=client_credentials&client_id=svc-id&client_secret=s%2B%2F%3D&scope=dremio.all");
  REQUIRE(ok.status == 200);
  simdjson::dom::parser p;
  auto j = p.parse(ok.body);
  CHECK(int64_t(j["expires_in"]) == 3599);
  CHECK(s.ask("GET", list_path, "Bearer " + std::string(std::string_view(j["access_token"]))).status == 200);
  CHECK(ask("grant_type=client_credentials&client_id=svc-id&client_secret=s+/=&scope=dremio.all").status == 401);
  CHECK(ask("grant_type=password&username=a&password=b&scope=dremio.all").status == 400);
  CHECK(ask("{}", "application/json").status == 415);
}

TEST_CASE("the list is read, replaced, cleared and echoed") {
  site s;
  const auto t = "Bearer " + s.token();
  CHECK(s.ask("GET", list_path, t).body == "[]");
  CHECK(s.ask("POST", list_path, t, R"(["b","a"])").body == R"(["b","a"])");
  CHECK(s.ask("POST", list_path, t, R"(["c"])").body == R"(["c"])");
  CHECK(s.ask("GET", list_path, t).body == R"(["c"])");
  CHECK(s.ask("POST", list_path, t, "[]").body == "[]");
}

TEST_CASE("a bad body leaves the list alone") {
  site s;
  const auto t = "Bearer " + s.token();
  s.ask("POST", list_path, t, R"(["a"])");
  CHECK(s.ask("POST", list_path, t, R"(["b")").status == 400);
  CHECK(s.ask("POST", list_path, t, R"(["b")").content_type == "text/plain");
  CHECK(s.ask("POST", list_path, t, R"([1])").content_type == "application/json");
  CHECK(s.ask("POST", list_path, t, R"([1])").status == 400);
  CHECK(s.ask("POST", list_path, t, R"({"a":"b"})").status == 400);
  CHECK(s.ask("POST", list_path, t, R"(["b"])", "text/plain").status == 415);
  CHECK(s.ask("PUT", list_path, t, R"(["b"])").status == 405);
  CHECK(s.ask("GET", list_path, t).body == R"(["a"])");
}

TEST_CASE("an edition without the list answers 404 as JSON, without asking who calls") {
  coordinator::options o;
  o.has_list = false;
  site s(o);
  const auto a = s.ask("GET", list_path);
  CHECK(a.status == 404);
  CHECK(a.body == R"({"errorMessage":"HTTP 404 Not Found","moreInfo":""})");
  CHECK(a.content_type == "application/json");
}

TEST_CASE("an account without the privilege gets 403 as JSON") {
  site s;
  const auto t = "Bearer " + s.token("reader", "pw");
  CHECK(s.ask("GET", list_path, t).status == 403);
  CHECK_THAT(s.ask("GET", list_path, t).body, ContainsSubstring("errorMessage"));
  CHECK(s.ask("GET", "/apiv2/system/nodes", t).status == 403);
}

TEST_CASE("the variant that knows its nodes refuses a new entry for an unknown one only") {
  coordinator::options o;
  o.list.refuse_unknown = true;
  site s(o);
  const auto t = "Bearer " + s.token();
  s.c->nodes().join({"known", "10.0.0.9", "", at(0s), std::nullopt});
  CHECK(s.ask("POST", list_path, t, R"(["known"])").status == 200);
  CHECK(s.ask("POST", list_path, t, R"(["known","stranger"])").status == 400);
  s.c->nodes().leave("known");
  CHECK(s.ask("POST", list_path, t, R"(["known"])").status == 200);
}

TEST_CASE("the node list has a row for each believed executor, red and slow for a dead one") {
  site s;
  const auto t = "Bearer " + s.token();
  s.c->nodes().join({"n1", "10.0.0.9", "engine-a", at(5s), std::nullopt});
  s.c->nodes().join({"n2", "10.0.0.10", "", at(5s), std::nullopt});
  s.c->denied().replace({"n1"}, at(6s));
  auto a = s.ask("GET", "/apiv2/system/nodes", t, {}, {}, at(10s));
  CHECK(a.takes == 0s);
  simdjson::dom::parser p;
  auto rows = p.parse(a.body);
  REQUIRE(simdjson::dom::array(rows).size() == 3);
  CHECK(bool(rows.at(0)["isMaster"]));
  CHECK(std::string_view(rows.at(1)["host"]) == "n1");
  CHECK(std::string_view(rows.at(1)["ip"]) == "10.0.0.9");
  CHECK(std::string_view(rows.at(1)["nodeTag"]) == "engine-a");
  CHECK(std::string_view(rows.at(1)["start"]) == "2023-11-14T22:13:25.000Z");
  CHECK(bool(rows.at(1)["isBlacklisted"]));
  CHECK_FALSE(bool(rows.at(2)["isBlacklisted"]));

  s.c->nodes().vanish("n2", at(20s));
  a = s.ask("GET", "/apiv2/system/nodes", t, {}, {}, at(21s));
  CHECK(a.takes == 15s);
  CHECK_THAT(a.body, ContainsSubstring(R"("status":"red")"));
  a = s.ask("GET", "/apiv2/system/nodes", t, {}, {}, at(110s));
  CHECK(a.body.find("n2") == std::string::npos);
}

TEST_CASE("the server status needs no login and tells when the master is down") {
  site s;
  CHECK(s.ask("GET", "/apiv2/server_status").body == R"("OK")");
  s.c->set_master_down(true);
  const auto a = s.ask("GET", "/apiv2/server_status");
  CHECK(a.status == 503);
  CHECK(a.body == R"("MASTER_DOWN")");
}
