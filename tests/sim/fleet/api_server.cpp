#include "tests/sim/fleet/api_server.hpp"

#include "agent/http/server.hpp"
#include "tests/sim/fleet/api_telling.hpp"
#include "tests/support/sim/wires.hpp"

namespace ebb::sim {

namespace {

// The limits of a real one (contract A3), with room for a large fleet.
http::server_limits limits() {
  http::server_limits l;
  l.connections = 16'384;
  l.header = 1024 * 1024;
  l.target = 64 * 1024;
  l.body = 2 * api_model::largest_body;
  l.request = 32s;
  l.idle = 90s;
  return l;
}

std::string_view agent_of(const http::request& req) {
  const auto authorization = http::find_header(req.headers, "Authorization").value_or("");
  const auto dot = authorization.rfind('.');
  return dot == std::string_view::npos ? "" : authorization.substr(dot + 1);
}

http::response as_json(unsigned status, std::string body) {
  http::response r;
  r.status = status;
  r.headers.emplace_back("Content-Type", "application/json");
  r.body = std::move(body);
  return r;
}

http::response refusal(const api_verdict& v) {
  const auto after = std::to_string(v.retry_after.count());
  http::response r;
  switch (v.what) {
    case api_fault::too_many_text: r = http::plain(429, "Too many requests, please try again later.\n"); break;
    case api_fault::too_many_json:
      r = as_json(429, status_text(429, "TooManyRequests", "storage is (re)initializing",
                                   {{"retryAfterSeconds", v.retry_after.count()}}));
      break;
    case api_fault::unavailable:
      r = as_json(503, status_text(503, "ServiceUnavailable", "apiserver is shutting down"));
      break;
    case api_fault::internal: return as_json(500, status_text(500, "InternalError", "Internal error occurred"));
    case api_fault::gone:
      return as_json(410, status_text(410, "Expired", "The resourceVersion for the provided list is too old."));
    case api_fault::conflict:
      return as_json(409, status_text(409, "Conflict", "the object has been modified; please apply your changes"));
    case api_fault::not_found: return as_json(404, status_text(404, "NotFound", "not found"));
    default:
      r = http::plain(200, "<!DOCTYPE html><html><body>a proxy speaks</body></html>\n");
      r.headers.front().second = "text/html";
      return r;
  }
  r.headers.emplace_back("Retry-After", after);
  return r;
}

bool is_refusal(api_fault f) { return f >= api_fault::too_many_text && f <= api_fault::not_found; }

void spoil(std::string& body, api_fault how) {
  if (how == api_fault::cut) body.resize(body.size() / 2);
  if (how == api_fault::rubbish) body = rubbish_object;
  if (how == api_fault::huge) make_huge(body);
}

}  // namespace

api_server::api_server(world& w, const std::string& name)
    : world_(w),
      machine_(w.add_host(name)),
      model_([this] { return api_time{machine_.clock().wall_now(), world_.now()}; }),
      faults_(w.fork("api faults of " + name)) {
  machine_.runs([this](host& h) { return serve(h); });
  machine_.boot();
}

rt::task<> api_server::serve(host& h) {
  auto port = h.net().listen("0.0.0.0:443");
  while (!port) {  // a sweep made the call fail
    co_await h.clock().sleep_for(100ms);
    port = h.net().listen("0.0.0.0:443");
  }
  const http::handler handle = [this](http::request req) { return answer(std::move(req)); };
  co_await http::serve(h.clock(), **port, handle, {}, limits());
}

void api_server::reset_connections_of(const std::string& peer) {
  const auto address = peer.substr(0, peer.rfind(':'));
  for (const auto& h : world_.hosts())
    if (world_.net().ip(h->pod()) == address) return world_.net().reset(machine_.pod(), h->pod());
}

rt::task<http::response> api_server::answer(http::request req) {
  const auto v = faults_.judge(read_api_request(req), agent_of(req), world_.now());
  if (v.takes > rt::duration{0}) co_await machine_.clock().sleep_for(v.takes);
  if (v.what == api_fault::not_found && read_api_request(req).verb == "list") co_return empty_list();
  if (is_refusal(v.what)) co_return refusal(v);
  const bool applied = v.what != api_fault::reset;
  api_answer a;
  if (applied) a = model_.handle(req);
  if (a.takes > rt::duration{0}) co_await machine_.clock().sleep_for(a.takes);
  if (v.what == api_fault::silence) co_await machine_.clock().sleep_for(1h);
  if (v.what == api_fault::reset || v.what == api_fault::lost_answer) {
    reset_connections_of(req.peer);
    co_await machine_.clock().sleep_for(1s);
  }
  co_return rendered(std::move(a), v);
}

http::response api_server::empty_list() const {
  return as_json(200, R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":")" +
                          std::to_string(model_.store().revision()) + R"("},"items":[]})");
}

http::response api_server::rendered(api_answer a, const api_verdict& v) {
  if (!a.watch) spoil(a.body, v.what);
  auto r = as_json(a.status, std::move(a.body));
  for (auto& h : a.headers) r.headers.push_back(std::move(h));
  if (!a.watch) return r;
  const api_telling::plan how{v, habits_.bookmarks, habits_.split, habits_.merge,
                              a.watch->asked().timeout.value_or(std::chrono::floor<std::chrono::seconds>(
                                  faults_.draws().between(habits_.least_watch, habits_.most_watch)))};
  const auto telling = std::make_shared<api_telling>(model_, machine_, faults_.draws(), std::move(a.watch), how);
  r.stream = [telling](http::body_writer& out) { return telling->run(out); };
  return r;
}

}  // namespace ebb::sim
