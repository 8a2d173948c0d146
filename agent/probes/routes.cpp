#include "agent/probes/routes.hpp"

#include "agent/probes/health.hpp"
#include "agent/probes/page.hpp"
#include "agent/probes/status.hpp"
#include "proto/prometheus/exposition_writer.hpp"

namespace ebb::probes {

using namespace std::chrono_literals;

namespace {

// /drain/wait: the kubelet ends a hook after 10 KiB of body; at one blank each 15 s 8 KiB last a day and a half.
constexpr int held_at_most = 8;
constexpr rt::duration blank_every = 15s;
constexpr int blanks_at_most = 8 * 1024 - 64;

bool is_or_under(std::string_view path, std::string_view endpoint) {
  return path == endpoint || (path.starts_with(endpoint) && path[endpoint.size()] == '/');
}

http::response typed(std::string type, std::string body) {
  http::response r;
  r.headers.emplace_back("Content-Type", std::move(type));
  r.headers.emplace_back("Cache-Control", "no-store");
  r.body = std::move(body);
  return r;
}

}  // namespace

rt::task<http::response> routes::probes(http::request req) {
  if (control::owns(req.path())) co_return co_await control_.handle(std::move(req), false);
  co_return co_await read(std::move(req));
}

rt::task<http::response> routes::control_port(http::request req) {
  if (control::owns(req.path())) co_return co_await control_.handle(std::move(req), true);
  co_return co_await read(std::move(req));
}

rt::task<http::response> routes::read(http::request req) {
  if (req.path() == "/drain/wait" && req.method == "GET") co_return co_await drain_wait();
  co_return get(req);
}

http::response routes::get(const http::request& req) {
  const auto path = req.path();
  const bool known = is_or_under(path, "/livez") || is_or_under(path, "/readyz") || is_or_under(path, "/startupz") ||
                     path == "/metrics" || path == "/status" || path == "/" || path == "/drain/wait";
  if (!known)
    return http::plain(404,
                       "not found; there are /livez /readyz /startupz /metrics /status /drain/wait and /, and by POST "
                       "/drain /undrain /stop\n");
  if (req.method != "GET" && req.method != "HEAD") {
    auto r = http::plain(405, "this can only be read: use GET\n");
    r.headers.emplace_back("Allow", "GET, HEAD");
    return r;
  }
  if (is_or_under(path, "/livez")) return health_response("/livez", req.target, live_checks());
  if (is_or_under(path, "/readyz")) return health_response("/readyz", req.target, ready_checks(node_));
  if (is_or_under(path, "/startupz")) return health_response("/startupz", req.target, startup_checks(node_));
  if (path == "/metrics")
    return typed(std::string(prometheus::exposition_content_type), metrics_page(sources_, ports_.process()));
  if (path == "/status") return typed("application/json", status_json(sources_));
  auto page = typed("text/html; charset=utf-8", html_page(sources_));
  page.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  return page;
}

// Beside the executor's container the hook is all that keeps the executor: it goes when the executor may be stopped.
bool routes::holds() const {
  const auto& life = node_.life;
  return life.causes.any_irrevocable() && !node_.executor_ended() && !(node_.sidecar && life.ending());
}

// The hook of a pod that is being deleted may be here before the watch has told of it.
rt::task<http::response> routes::drain_wait() {
  if (!holds()) (void)co_await ports_.look_at_pod();
  if (!holds()) co_return http::plain(200, "no irrevocable drain is in progress\n");
  if (held_ >= held_at_most) co_return http::plain(503, "too many wait here already\n");
  auto r = http::plain(200, {});
  r.stream = [this](http::body_writer& body) { return hold(body); };
  co_return r;
}

rt::task<> routes::hold(http::body_writer& body) {
  struct counted {
    explicit counted(int& n) : n_(n) { ++n_; }
    ~counted() { --n_; }
    int& n_;
  } here(held_);
  for (int blanks = 0; blanks < blanks_at_most; ++blanks) {
    const auto next = rt::deadline::after(node_.clock, blank_every);
    while (!next.passed()) {
      if (!holds()) co_return;
      co_await node_.changed.wait(next);
    }
    if (!co_await body.write(" ")) co_return;
  }
}

}  // namespace ebb::probes
