#include "tools/lab/model/coordinator.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "tools/lab/model/form.hpp"
#include "tools/lab/model/json.hpp"

namespace ebb::lab {
namespace {

constexpr std::string_view list_path = "/api/v3/nodeCollections/blacklist";
constexpr std::size_t count_limit = 1000;
constexpr duration dead_node_timeout = 15s;  // the node list asks every executor and waits this long for a dead one

bool is_json(std::string_view content_type) {
  return content_type == "application/json" || content_type.starts_with("application/json;");
}

answer not_found() { return error_answer(404, "HTTP 404 Not Found"); }
answer wrong_method() { return error_answer(405, "HTTP 405 Method Not Allowed"); }
answer wrong_type() { return error_answer(415, "HTTP 415 Unsupported Media Type"); }

std::string iso8601(wall_time at) {
  using namespace std::chrono;
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text;
}

boost::json::object permissions(bool admin) {
  boost::json::object o;
  for (const char* name : {"canUploadProfiles", "canDownloadProfiles", "canEmailForSupport", "canChatForSupport",
                           "canViewAllJobs", "canCreateUser", "canCreateRole", "canCreateSource", "canUploadFile",
                           "canManageNodeActivity", "canManageEngines", "canManageQueues", "canManageEngineRouting",
                           "canManageSupportSettings", "canConfigureSecurity", "canRunDiagnostic"})
    o[name] = admin;
  return o;
}

boost::json::object row(std::string_view name, std::string_view ip, bool executor, const std::string& version,
                        const std::string& start) {
  return {{"name", name},
          {"host", name},
          {"ip", ip},
          {"port", executor ? -1 : 31010},
          {"cpu", 3.0},
          {"memory", 12.0},
          {"status", "green"},
          {"isMaster", !executor},
          {"isCoordinator", !executor},
          {"isExecutor", executor},
          {"isCompatible", true},
          {"nodeTag", ""},
          {"version", version},
          {"start", start}};
}

}  // namespace

coordinator::coordinator(options o, draw random)
    : options_(std::move(o)), who_(options_.who, std::move(random)), denied_(options_.list) {}

answer coordinator::handle(const call& c, time_point now) {
  nodes_.expire(now);
  auto a = route(c, now);
  auto key = std::string(c.method) + " " + std::string(c.path()) + " " + std::to_string(a.status);
  if (counts_.size() < count_limit || counts_.contains(key)) ++counts_[std::move(key)];
  return a;
}

answer coordinator::route(const call& c, time_point now) {
  const auto path = c.path();
  if (path == "/apiv2/server_status")
    return master_down_ ? json_answer(503, R"("MASTER_DOWN")") : json_answer(200, R"("OK")");
  if (path == "/apiv2/login") return login(c, now);
  if (path == "/oauth/token") return oauth(c, now);
  if (path == list_path && options_.has_list) return list(c, now);
  if (path == "/apiv2/system/nodes") {
    if (c.method != "GET") return wrong_method();
    const auto right = who_.of(c.authorization, now);
    if (right == rights::none) return empty_answer(401);
    if (right != rights::admin) return error_answer(403, "HTTP 403 Forbidden");
    return node_list(now);
  }
  return not_found();
}

answer coordinator::login(const call& c, time_point now) {
  if (c.method == "GET")
    return who_.of(c.authorization, now) == rights::none ? empty_answer(401) : json_answer(200, "true");
  if (c.method == "DELETE") return empty_answer(who_.logout(c.authorization) ? 204 : 401);
  if (c.method != "POST") return wrong_method();
  if (!is_json(c.content_type)) return wrong_type();
  const auto body = read_json(c.body);
  if (body.kind == json_kind::malformed) return text_answer(400, body.parse_error);
  if (body.kind != json_kind::object) return error_answer(400, "Can not deserialize value of type UserLogin");
  if (!who_.anybody()) return error_answer(403, "No User Available");
  const auto user = string_member(c.body, "userName").value_or("");
  const auto password = string_member(c.body, "password").value_or("");
  if (user.empty() || password.empty()) return error_answer(401, "user name or password cannot be null or empty");
  const auto s = who_.login(user, password, now);
  if (!s) {
    return json_answer(
        401, R"({"errorMessage":"Login failed: Invalid username or password","moreInfo":"","stackTrace":[]})");
  }
  if (master_down_) return error_answer(500, "Something went wrong.");
  const auto created = wall(time_point{}).time_since_epoch().count();
  return json_answer(
      200, boost::json::serialize(boost::json::object{{"token", s->token},
                                                      {"userName", user},
                                                      {"firstName", "Lab"},
                                                      {"lastName", "User"},
                                                      {"expires", wall(s->expires).time_since_epoch().count()},
                                                      {"email", user + "@example.org"},
                                                      {"userId", "9d2a5c6e-0000-4000-8000-000000000001"},
                                                      {"admin", s->right == rights::admin},
                                                      {"clusterId", options_.cluster_id},
                                                      {"clusterCreatedAt", created},
                                                      {"version", options_.version},
                                                      {"permissions", permissions(s->right == rights::admin)},
                                                      {"userCreatedAt", created}}));
}

answer coordinator::oauth(const call& c, time_point now) {
  const auto refuse = [](unsigned status, std::string_view error) {
    return json_answer(status, R"({"error":)" + json_quote(error) + "}");
  };
  if (c.method != "POST") return wrong_method();
  if (!c.content_type.starts_with("application/x-www-form-urlencoded")) return wrong_type();
  const auto form = read_form(c.body);
  const auto field = [&](const char* name) {
    const auto i = form.find(name);
    return i == form.end() ? std::string() : i->second;
  };
  if (field("grant_type") != "client_credentials") return refuse(400, "unsupported_grant_type");
  if (field("scope") != "dremio.all") return refuse(400, "invalid_scope");
  const auto s = who_.client_credentials(field("client_id"), field("client_secret"), now);
  if (!s) return refuse(401, "invalid_client");
  const auto life = std::chrono::duration_cast<std::chrono::seconds>(s->expires - now).count();
  return json_answer(200, boost::json::serialize(boost::json::object{
                              {"access_token", s->token},
                              {"expires_in", life > 0 ? life - 1 : 0},
                              {"token_type", "Bearer"},
                              {"issued_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                              {"scope", "dremio.all"}}));
}

answer coordinator::list(const call& c, time_point now) {
  const auto right = who_.of(c.authorization, now);
  if (right == rights::none) return empty_answer(401);
  if (options_.list_needs_admin && right != rights::admin) return error_answer(403, "HTTP 403 Forbidden");
  if (master_down_) return error_answer(500, "Something went wrong.");
  if (c.method == "GET") return json_answer(200, json_strings(denied_.entries()));
  return c.method == "POST" ? write_list(c, now) : wrong_method();
}

answer coordinator::write_list(const call& c, time_point now) {
  if (!is_json(c.content_type)) return wrong_type();
  auto body = read_json(c.body);
  if (body.kind == json_kind::malformed) return text_answer(400, body.parse_error);
  if (body.kind != json_kind::strings) return error_answer(400, "Can not deserialize value of type List<String>");
  if (denied_.variant().refuse_unknown) {
    for (const auto& name : body.strings)
      if (!nodes_.has(name) && !denied_.holds(name)) return error_answer(400, "Unknown node: " + name);
  }
  denied_.replace(std::move(body.strings), now);
  return json_answer(200, json_strings(denied_.entries()));
}

answer coordinator::node_list(time_point) const {
  boost::json::array rows;
  rows.push_back(row(options_.address, "10.0.0.1", false, options_.version, iso8601(wall(time_point{}))));
  bool somebody_dead = false;
  for (const auto& [name, n] : nodes_.all()) {
    auto r = row(name, n.answers() ? n.ip : name, true, options_.version, iso8601(wall(n.started)));
    r["nodeTag"] = n.tag;
    if (!n.answers()) {
      r["status"] = "red";
      r["details"] = "NO_RESPONSE";
      somebody_dead = true;
    }
    if (options_.node_list_flags) r["isBlacklisted"] = denied_.holds(name);
    rows.push_back(std::move(r));
  }
  auto a = json_answer(200, boost::json::serialize(rows));
  if (somebody_dead) a.takes = dead_node_timeout;
  return a;
}

}  // namespace ebb::lab
