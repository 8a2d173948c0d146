#include "agent/upstream/api_server.hpp"

#include <boost/system/errc.hpp>

#include "agent/http/date.hpp"
#include "agent/upstream/secret_reader.hpp"
#include "config/secret.hpp"
#include "proto/kubernetes/status.hpp"

namespace ebb::upstream {

namespace {

// What is said beside an error, so that nobody has to look it up.
std::string_view mend(core::api_outcome o) {
  switch (o) {
    case core::api_outcome::token:
      return "; the token is not accepted: is it the service account's, and does the pod still exist?";
    case core::api_outcome::forbidden: return "; give the service account this right, see deploy/rbac.yaml";
    default: return {};
  }
}

// A server, or what stands in front of it, may say again what it was asked with.
std::string without(std::string text, std::string_view secret) {
  if (secret.empty()) return text;
  for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at)) text.replace(at, secret.size(), "***");
  return text;
}

std::string error_of(unsigned status, std::string_view body, core::api_outcome outcome, std::string_view bearer) {
  const auto said = kubernetes::parse_status(without(std::string(body.substr(0, largest_api_error)), bearer));
  auto out = "HTTP " + std::to_string(status);
  if (!said.message.empty()) out += ": " + said.message;
  return out.append(mend(outcome));
}

api_reply reply_of(unsigned status, const http::header_list& headers, std::string body, std::string_view bearer) {
  api_reply r;
  r.status = status;
  r.outcome = core::judge_api_status(status);
  if (const auto date = http::find_header(headers, "Date"))
    if (const auto at = http::parse_date(*date)) r.date = *at;
  if (r.outcome != core::api_outcome::ok) {
    r.error = error_of(status, body, r.outcome, bearer);
    r.retry_after = retry_after(headers);
  }
  r.body = std::move(body);
  return r;
}

api_reply no_answer(const rt::error_code& ec) {
  api_reply r;
  r.error = ec.message();
  return r;
}

rt::task<std::string> rest_of(http::body_reader& body, rt::deadline dl) {
  std::string all;
  while (all.size() < largest_api_error) {
    auto piece = co_await body.next(dl);
    if (!piece || piece->empty()) break;
    all += *piece;
  }
  co_return all;
}

}  // namespace

void api_server::configure(const config::settings& s) {
  const rt::tls_options tls{true, true, s.kubernetes.ca_file};
  server_.configure(config::api_url_of(s.kubernetes, s.pod), tls, s.retry);
  token_file_ = s.kubernetes.token_file;
  name_space_ = s.pod.name_space;
  // The service account's volume names the namespace beside the token.
  if (!name_space_.empty() || !server_.configured()) return;
  const auto beside = token_file_.substr(0, token_file_.rfind('/') + 1) + "namespace";
  if (auto text = config::read_secret_file(beside, "namespace", reader_of(files_)); text.ok()) name_space_ = text.value;
}

std::string api_server::missing() const {
  if (!server_.configured())
    return "there is no Kubernetes API to ask: kubernetes.mode is off, or neither kubernetes.url nor "
           "KUBERNETES_SERVICE_HOST is set";
  if (name_space_.empty())
    return "the pod's namespace is not known: set POD_NAMESPACE by the downward API, or mount the service account";
  return {};
}

std::string api_server::collection(std::string_view group, std::string_view resource, std::string_view name) const {
  auto path = std::string(group).append("/namespaces/").append(http::percent_encode(name_space_)).append("/");
  path.append(resource);
  if (!name.empty()) path.append("/").append(http::percent_encode(name));
  return path;
}

// Read anew for every request: the kubelet replaces it in place, an hour before the old one ends or less.
std::string api_server::token(std::string& error) {
  auto read = config::read_secret_file(token_file_, "kubernetes.token_file", reader_of(files_));
  error = std::move(read.error);
  return std::move(read.value);
}

std::optional<http::request> api_server::request(std::string method, std::string target, std::string body,
                                                 std::string accept, std::string& bearer, api_reply& failed) {
  bearer = token(failed.error);
  if (!failed.error.empty()) {
    server_.complain(failed.error);
    return std::nullopt;
  }
  http::request r;
  r.method = std::move(method);
  r.target = std::move(target);
  r.headers = {{"Accept", accept.empty() ? "application/json" : std::move(accept)},
               {"Authorization", "Bearer " + bearer}};
  if (!body.empty()) r.headers.emplace_back("Content-Type", "application/json");
  r.body = std::move(body);
  return r;
}

rt::task<api_reply> api_server::call(std::string method, std::string target, std::string body, rt::deadline dl,
                                     std::string accept) {
  std::string bearer, again, ignored;
  api_reply failed;
  auto req = request(std::move(method), std::move(target), std::move(body), std::move(accept), bearer, failed);
  if (!req) co_return failed;
  const auto limit = dl.sooner(api_timeout);
  auto answer = co_await server_.call(*req, limit);
  if (answer && answer->status == 401 && (again = token(ignored)) != bearer && !again.empty()) {
    req->headers[1].second = "Bearer " + again;
    bearer = again;
    answer = co_await server_.call(std::move(*req), limit);
  }
  if (!answer) co_return no_answer(answer.error());
  auto r = reply_of(answer->status, answer->headers, std::move(answer->body), bearer);
  if (r.outcome != core::api_outcome::ok) server_.complain(r.error);
  co_return r;
}

rt::task<api_watch> api_server::watch(std::string target, rt::deadline dl) {
  std::string bearer;
  api_watch w;
  auto req = request("GET", std::move(target), {}, {}, bearer, w.reply);
  if (!req) co_return w;
  const auto limit = dl.sooner(api_timeout);
  auto opened = co_await server_.open(std::move(*req), limit);
  if (!opened) {
    w.reply = no_answer(opened.error());
  } else if ((*opened)->status() == 200) {
    w.reply = reply_of(200, (*opened)->headers(), {}, bearer);
    w.body = std::move(*opened);
  } else {
    auto body = co_await rest_of(**opened, limit);
    w.reply = reply_of((*opened)->status(), (*opened)->headers(), std::move(body), bearer);
    server_.complain(w.reply.error);
  }
  co_return w;
}

}  // namespace ebb::upstream
