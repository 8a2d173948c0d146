#include "agent/probes/control.hpp"

#include <boost/beast/core/string.hpp>

#include "agent/http/url.hpp"
#include "agent/probes/status.hpp"
#include "config/duration.hpp"

namespace ebb::probes {

using core::cause;

namespace {

// Takes as long for a wrong token as for the right one.
bool same_secret(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b.empty() ? 0 : b[i % b.size()]);
  return difference == 0;
}

struct drain_request {
  bool wait = false;
  bool force = false;
  std::optional<rt::duration> deadline;
  std::string reason = "asked for by POST /drain";
  cause why = cause::manual;
  bool cause_named = false;
  std::string error;  // not empty: names the parameter, its value and the mend
};

bool truth(std::string_view value) { return value.empty() || value == "true" || value == "1"; }

drain_request parse(std::string_view target) {
  drain_request d;
  const auto question = target.find('?');
  if (question == std::string_view::npos) return d;
  for (auto& [key, value] : http::parse_query(target.substr(question + 1))) {
    if (key == "wait") {
      d.wait = truth(value);
    } else if (key == "force") {
      d.force = truth(value);
    } else if (key == "reason") {
      d.reason = core::cut_reason(value);
    } else if (key == "deadline") {
      const auto parsed = config::parse_duration(value);
      d.deadline = parsed.value;
      if (parsed.fault != config::duration_fault::none)
        d.error = "deadline: \"" + value.substr(0, 60) + "\" is no duration; write it as 600s or 10m";
    } else if (key == "cause") {
      d.cause_named = true;
      if (value == "hook")
        d.why = cause::hook;
      else if (value != "manual")
        d.error = "cause: \"" + value.substr(0, 60) + "\" cannot be asked for; it is manual or hook";
    } else {
      d.error = "\"" + key.substr(0, 60) + "\": no such parameter; there are wait, deadline, reason, cause and force";
    }
  }
  return d;
}

}  // namespace

bool control::owns(std::string_view path) { return path == "/drain" || path == "/undrain" || path == "/stop"; }

bool control::allowed(const http::request& req, bool loopback_suffices) const {
  if (http::find_header(req.headers, "Origin")) return false;  // a web page in somebody's browser is not an operator
  if (loopback_suffices && req.from_loopback) return true;
  const auto token = ports_.token();
  const auto header = http::find_header(req.headers, "Authorization");
  constexpr std::string_view scheme = "Bearer ";  // of any case, as schemes are
  return token && !token->empty() && header && boost::beast::iequals(header->substr(0, scheme.size()), scheme) &&
         same_secret(header->substr(scheme.size()), *token);
}

rt::task<http::response> control::handle(http::request req, bool loopback_suffices) {
  if (req.method != "POST") {
    auto r = http::plain(405, "this changes the node: use POST\n");
    r.headers.emplace_back("Allow", "POST");
    co_return r;
  }
  if (!allowed(req, loopback_suffices))
    co_return http::plain(
        403, "only from the loopback address of the control port, or with the bearer of listen.token_file\n");
  if (req.path() == "/undrain") co_return undrain(req.target);
  if (req.path() == "/stop") co_return stop();
  co_return co_await drain(std::move(req));
}

http::response control::status(unsigned code, std::string error) const {
  http::response r;
  r.status = code;
  r.headers.emplace_back("Content-Type", "application/json");
  r.body = status_json(sources_, error);
  return r;
}

rt::task<http::response> control::drain(http::request req) {
  auto wanted = parse(req.target);
  if (!wanted.error.empty()) co_return status(400, wanted.error);
  if (node_.life.ending()) co_return status(wanted.wait ? 200 : 409, "the executor is being stopped already");
  if (node_.life.causes.empty() && !wanted.force && co_await ports_.last_node() == core::last_node::yes &&
      node_.life.causes.empty())
    co_return status(409, std::string(core::last_node_refusal));
  // Beside the executor's container whoever waits is its hook, by whatever name.
  if (wanted.wait && (wanted.why == cause::hook || node_.sidecar)) begin_hook(wanted.deadline);
  journal_.join(wanted.why, wanted.reason, node_.clock.now());
  if (!wanted.wait) co_return status(202);
  co_await wait_for_end(wanted.why, wanted.deadline);
  co_return status(200);
}

// `limit` is cut to what the kubelet's grace leaves of a hook that began, perhaps, before this agent.
void control::begin_hook(std::optional<rt::duration>& limit) {
  const auto longest = drain::longest_hook(node_);
  journal_.hook_waits(longest.value_or(rt::duration::max()));
  if (!longest) return;
  const auto left = *node_.life.hook_began + *longest - node_.clock.now();
  limit = std::min(limit.value_or(left), left);
}

// Until the node may be stopped, the cause is withdrawn, or `limit`, which ends this wait and nothing else.
rt::task<> control::wait_for_end(cause c, std::optional<rt::duration> limit) {
  const auto dl = limit ? rt::deadline::after(node_.clock, *limit) : rt::deadline::never(node_.clock);
  while (!dl.passed()) {
    const auto& life = node_.life;
    if (life.ending() || node_.executor_ended() || life.phase == core::phase::drained || !life.causes.has(c)) break;
    co_await node_.changed.wait(dl);
  }
  if (c == cause::hook || node_.sidecar) journal_.hook_ended();
}

http::response control::undrain(std::string_view target) {
  const auto asked = parse(target);
  if (!asked.error.empty()) return status(400, asked.error);
  if (auto refusal = core::undrain_refusal(node_.life); !refusal.empty()) return status(409, std::move(refusal));
  if (asked.cause_named)
    journal_.withdraw(asked.why);
  else
    journal_.undrain();
  return status(202);
}

http::response control::stop() {
  if (auto refusal = core::stop_refusal_beside(node_.life); node_.sidecar && !refusal.empty())
    return status(409, std::move(refusal));
  journal_.hurry("asked for by POST /stop");
  return status(202);
}

}  // namespace ebb::probes
