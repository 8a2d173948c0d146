#include "agent/upstream/dremio.hpp"

#include <algorithm>

#include "agent/http/date.hpp"
#include "agent/upstream/secret_reader.hpp"
#include "config/checks.hpp"
#include "config/secret.hpp"
#include "proto/dremio/deny_list.hpp"
#include "proto/dremio/error_body.hpp"
#include "proto/dremio/login.hpp"
#include "proto/dremio/oauth_token.hpp"

namespace ebb::upstream {

using namespace std::chrono_literals;
using core::list_outcome;

namespace {

constexpr auto deny_list_path = "/api/v3/nodeCollections/blacklist";
constexpr auto login_path = "/apiv2/login";
constexpr rt::duration longest_session = 24h * 366;
constexpr rt::duration first_refusal = 5s, longest_refusal = 60s;
constexpr rt::duration shortest_session = 30s;  // renewing more often than at two thirds of this would be a storm

http::request json_request(std::string method, std::string target, std::string body) {
  http::request r;
  r.method = std::move(method);
  r.target = std::move(target);
  r.headers = {{"Accept", "application/json"}};
  if (r.method == "POST") r.headers.emplace_back("Content-Type", "application/json");
  r.body = std::move(body);
  return r;
}

}  // namespace

coordinator::coordinator(upstream& server, rt::file_store& files, rt::random_source& random)
    : server_(server), files_(files), random_(random) {}

void coordinator::configure(const config::dremio_settings& settings) {
  if (settings.url != settings_.url) cluster_id_.reset();
  settings_ = settings;
  session_.reset();
  refused_.reset();
}

std::optional<std::string> coordinator::cluster_id() const {
  return config::chosen(settings_) == config::credentials::login ? cluster_id_ : std::string();
}

rt::duration coordinator::pause_before_retry(std::optional<rt::duration> retry_after) {
  // What was refused is not sent, so no retry is spent: only the files are looked at, which may have been mended.
  const auto now = server_.clock().now();
  if (refused_ && now < refused_->until) return std::min(refused_->until - now, first_refusal);
  return server_.pause_before_retry(retry_after);
}

bool coordinator::refuse(std::string why) {
  login_error_ = std::move(why);
  server_.complain(login_error_);
  return false;
}

std::optional<std::string> coordinator::secret(const config::secret_source& from, std::string_view what) {
  auto found = config::read_secret(from, what, reader_of(files_));
  if (found.ok()) return std::move(found.value);
  refuse(std::move(found.error));
  return std::nullopt;
}

bool coordinator::uses_given_token() const { return config::chosen(settings_) == config::credentials::token; }

rt::task<bool> coordinator::log_in(rt::deadline dl) {
  session_.reset();
  const auto way = config::chosen(settings_);
  if (way == config::credentials::token) {
    auto token = secret(settings_.token, "dremio.token");
    if (!token) co_return false;
    if (!dremio::is_token(*token)) co_return refuse("dremio.token: not a token (blanks or control characters)");
    session_ = session{*token, server_.clock().now(), std::nullopt, false};
    co_return true;
  }
  const auto limit = dl.sooner(settings_.login_timeout);
  if (way == config::credentials::client) co_return co_await oauth_login(limit);
  if (way == config::credentials::login) co_return co_await password_login(limit);
  co_return refuse("no credentials: set dremio.user and dremio.password_file, or dremio.token_file");
}

void coordinator::remember(const rt::result<http::response>& answer, std::size_t credentials) {
  if (!answer) return;
  // An authorization server may say 400 of a client that it does not accept (RFC 6749, 5.2).
  const bool client = config::chosen(settings_) == config::credentials::client;
  if (answer->status != 401 && !(client && answer->status == 400)) return refused_.reset();
  const bool again = refused_ && refused_->credentials == credentials;
  const auto pause = again ? std::min(2 * refused_->pause, longest_refusal) : first_refusal;
  refused_ = refusal{credentials, server_.clock().now() + pause, pause};
}

rt::task<std::optional<http::response>> coordinator::present(std::string_view what, const std::string& who,
                                                             const std::string& key, http::request request,
                                                             rt::deadline dl) {
  const auto shown = std::hash<std::string>()(who + '\n' + key);
  if (refused_ && refused_->credentials == shown && server_.clock().now() < refused_->until) co_return std::nullopt;
  auto answer = co_await server_.call(std::move(request), dl);
  remember(answer, shown);
  if (answer && answer->status == 200) co_return std::move(*answer);
  refuse(std::string(what) + ": " + describe(answer));
  co_return std::nullopt;
}

rt::task<bool> coordinator::password_login(rt::deadline dl) {
  auto user = secret(settings_.user, "dremio.user");
  if (!user) co_return false;
  auto password = secret(settings_.password, "dremio.password");
  if (!password) co_return false;
  auto request = json_request("POST", login_path, dremio::write_login({*user, *password}));
  auto answer = co_await present("login", *user, *password, std::move(request), dl);
  if (!answer) co_return false;
  auto reply = dremio::parse_login_reply(answer->body);
  if (!reply) co_return refuse("login: " + reply.error().what);
  const auto now = server_.clock().now();
  session s{reply->token, now, std::nullopt, true};
  if (reply->expires) {
    // The expiry is on the coordinator's calendar, and so is its Date header: neither clock has to be right.
    const auto date = http::find_header(answer->headers, "Date");
    const auto there = date ? http::parse_date(*date) : std::nullopt;
    const rt::duration life = *reply->expires - there.value_or(server_.clock().wall_now());
    s.expires_at = now + std::clamp<rt::duration>(life, shortest_session, longest_session);
  }
  session_ = std::move(s);
  can_manage_ = reply->can_manage_node_activity ? reply->can_manage_node_activity : reply->admin;
  version_ = reply->version;
  cluster_id_ = reply->cluster_id;
  login_error_.clear();
  co_return true;
}

rt::task<bool> coordinator::oauth_login(rt::deadline dl) {
  auto key = secret(settings_.client_secret, "dremio.client_secret");
  if (!key) co_return false;
  http::request request;
  request.method = "POST";
  request.target = "/oauth/token";
  request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = dremio::write_client_credentials({settings_.client_id, *key});
  auto answer = co_await present("oauth", settings_.client_id, *key, std::move(request), dl);
  if (!answer) co_return false;
  auto reply = dremio::parse_oauth_reply(answer->body);
  if (!reply) co_return refuse("oauth: " + reply.error().what);
  const auto now = server_.clock().now();
  session_ = session{reply->token, now, std::nullopt, false};
  if (reply->expires_in) session_->expires_at = now + std::max<rt::duration>(*reply->expires_in, shortest_session);
  login_error_.clear();
  co_return true;
}

rt::task<> coordinator::stay_logged_in() {
  for (;;) {
    const auto now = server_.clock().now();
    rt::duration nap = 15s;
    if (session_ && session_->expires_at) {
      const auto life = *session_->expires_at - session_->obtained_at;
      // Two thirds of its life, up to a tenth sooner, so that a fleet that was started together does not renew
      // together.
      const auto renew_at = session_->obtained_at + random_.between(life * 17 / 30, life * 2 / 3);
      nap = std::max<rt::duration>(renew_at - now, 1s);
      co_await server_.clock().sleep_for(nap);
      if (session_ && session_->expires_at && server_.clock().now() >= renew_at) {
        const auto old = session_;
        if (!co_await log_in(rt::deadline::never(server_.clock()))) {
          session_ = old;  // still good for a third of its life
          co_await server_.clock().sleep_for(server_.pause_before_retry(std::nullopt) + 5s);
        }
      }
      continue;
    }
    co_await server_.clock().sleep_for(nap);
  }
}

rt::task<> coordinator::log_out(rt::deadline dl) {
  if (!session_ || !session_->ours_to_end) co_return;
  http::request request = json_request("DELETE", login_path, {});
  request.headers.emplace_back("Authorization", "Bearer " + session_->token);
  (void)co_await server_.call(std::move(request), dl);
  session_.reset();
}

// With the token in hand, and once more with a new one when it is refused.
rt::task<coordinator::reply> coordinator::ask(http::request req, rt::deadline dl) {
  for (int attempt = 0;; ++attempt) {
    // A token that was given to us may have been replaced in its file: it is read for every call.
    if ((!session_ || uses_given_token()) && !co_await log_in(rt::deadline::never(server_.clock())))
      co_return reply{rt::error_code(), true};
    // A login may take longer than the call has, and what the call knows is old by then.
    if (dl.passed()) co_return reply{make_error_code(boost::system::errc::timed_out), false};
    http::request authorised = req;
    authorised.headers.emplace_back("Authorization", "Bearer " + session_->token);
    auto answer = co_await server_.call(std::move(authorised), dl);
    if (!answer || answer->status != 401 || attempt > 0) co_return reply{std::move(answer), false};
    session_.reset();
  }
}

rt::task<keeper::list_call> coordinator::read(rt::deadline dl) {
  co_return co_await list_call(json_request("GET", deny_list_path, {}), false, dl);
}

rt::task<keeper::list_call> coordinator::write(core::deny_list list, rt::deadline dl) {
  co_return co_await list_call(json_request("POST", deny_list_path, dremio::write_deny_list(list)), true, dl);
}

rt::task<keeper::list_call> coordinator::list_call(http::request req, bool writing, rt::deadline dl) {
  keeper::list_call out;
  auto got = co_await ask(std::move(req), dl);
  if (got.without_token) {
    out.error = login_error_;
    co_return out;
  }
  if (!got.response) {
    out.error = got.response.error().message();
    co_return out;
  }
  const auto& response = *got.response;
  core::list_answer facts;
  facts.status = response.status;
  facts.writing = writing;
  facts.read_before = list_read_;
  facts.has_message = dremio::parse_error_body(response.body).from_dremio;
  if (response.status == 200) {
    if (auto list = dremio::parse_deny_list(response.body)) {
      facts.is_list = true;
      out.list = std::move(*list);
    } else {
      out.error = list.error().what;
    }
  }
  out.outcome = core::judge_list_answer(facts);
  out.retry_after = retry_after(response.headers);
  if (out.outcome == list_outcome::ok) {
    list_read_ = true;
  } else {
    if (out.error.empty()) out.error = describe(got.response);
    server_.complain("deny list: " + out.error);
  }
  co_return out;
}

rt::task<rt::result<std::vector<dremio::node_row>>> coordinator::nodes(rt::deadline dl) {
  auto got = co_await ask(json_request("GET", "/apiv2/system/nodes", {}), dl);
  if (got.without_token) co_return make_error_code(boost::system::errc::permission_denied);
  if (!got.response) co_return got.response.error();
  if (got.response->status != 200) co_return make_error_code(boost::system::errc::protocol_error);
  auto rows = dremio::parse_node_list(got.response->body);
  if (!rows) co_return make_error_code(boost::system::errc::bad_message);
  co_return std::move(*rows);
}

}  // namespace ebb::upstream
