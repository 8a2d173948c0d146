#include "tools/lab/demo/hook.hpp"

#include <charconv>

#include "tools/lab/model/json.hpp"

namespace ebb::lab {
namespace {

using namespace std::chrono_literals;
constexpr rt::duration call_timeout = 10s;
constexpr rt::duration look_back = 5min;  // of an instant query
constexpr std::string_view list_path = "/api/v3/nodeCollections/blacklist";

http::base_url loopback(std::uint16_t port) {
  http::base_url u;
  u.host = "127.0.0.1";
  u.port = port;
  return u;
}

http::request ask(std::string method, std::string_view target, const std::string& token, std::string body) {
  http::request r;
  r.method = std::move(method);
  r.target = target;
  r.headers.emplace_back("Content-Type", "application/json");
  if (!token.empty()) r.headers.emplace_back("Authorization", token);
  r.body = std::move(body);
  return r;
}

std::optional<double> gauge(std::string_view page, std::string_view name) {
  const auto at = page.find("\n" + std::string(name) + " ");
  if (at == std::string_view::npos) return std::nullopt;
  double value = 0;
  const char* from = page.data() + at + name.size() + 2;
  if (std::from_chars(from, page.data() + page.size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

rt::task<> prometheus_stand_in::scrape(std::string node, std::uint16_t port, rt::duration phase,
                                       rt::duration interval) {
  http::client executor(net_, loopback(port), {});
  // It has been scraping for long when the load begins: the first sample is taken at once.
  for (auto due = clock_.now(), grid = due + phase;; due = grid, grid += interval) {
    co_await clock_.sleep_until(due);
    http::request r;
    r.target = "/metrics";
    auto page = co_await executor.exchange(std::move(r), rt::deadline::after(clock_, call_timeout));
    if (!page || page->status != 200) continue;
    if (const auto value = gauge(page->body, "fragments_active")) last_.push_back({node, *value, clock_.now()});
  }
}

std::optional<double> prometheus_stand_in::fragments_active(const std::string& node) const {
  for (auto s = last_.rbegin(); s != last_.rend(); ++s)
    if (s->node == node && s->at + look_back > clock_.now()) return s->value;
  return std::nullopt;
}

rt::task<std::string> run_hook(rt::clock_source& clock, rt::network& net, const prometheus_stand_in& prometheus,
                               hook_settings s, std::string node) {
  http::client dremio(net, loopback(s.coordinator), {});
  auto login = ask("POST", "/apiv2/login", "",
                   R"({"userName":)" + json_quote(s.user) + R"(,"password":)" + json_quote(s.password) + "}");
  auto logged_in = co_await dremio.exchange(std::move(login), rt::deadline::after(clock, call_timeout));
  if (!logged_in) co_return "login: " + logged_in.error().message();
  const auto token = string_member(logged_in->body, "token");
  if (!token) co_return "login: no token in the answer";

  auto read = ask("GET", list_path, *token, "");
  auto list = co_await dremio.exchange(std::move(read), rt::deadline::after(clock, call_timeout));
  if (!list) co_return "list: " + list.error().message();
  if (list->body.empty() || list->body.find("errorMessage") != std::string::npos) co_return "list: failed";

  if (list->body.find(node) == std::string::npos) {
    auto names = read_json(list->body).strings;
    names.push_back(node);
    auto write = ask("POST", list_path, *token, json_strings(names));
    auto written = co_await dremio.exchange(std::move(write), rt::deadline::after(clock, call_timeout));
    if (!written) co_return "writing the list: " + written.error().message();
    if (written->body.find("errorMessage") != std::string::npos) co_return "writing the list: failed";
  }
  for (int i = 0; i < s.retries; ++i) {
    co_await clock.sleep_for(s.wait);
    const auto fragments = prometheus.fragments_active(node);
    if (!fragments) co_return "Prometheus has no such series";
    if (*fragments == 0) co_return "";
  }
  co_return "too many retries";
}

}  // namespace ebb::lab
