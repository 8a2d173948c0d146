#include "config/checks.hpp"

#include "config/duration.hpp"
#include "config/syntax.hpp"

namespace ebb::config {
namespace {

using std::chrono::seconds;

bool both(const secret_source& secret) { return !secret.value.empty() && !secret.file.empty(); }

void about_secrets(const dremio_settings& d, std::vector<std::string>& out) {
  if (both(d.user)) out.push_back("dremio.user and dremio.user_file are both set: the file wins");
  if (both(d.password)) out.push_back("dremio.password and dremio.password_file are both set: the file wins");
  if (both(d.token)) out.push_back("dremio.token and dremio.token_file are both set: the file wins");
  if (both(d.client_secret))
    out.push_back("dremio.client_secret and dremio.client_secret_file are both set: the file wins");
}

void about_credentials(const dremio_settings& d, std::vector<std::string>& out) {
  const bool user = d.user.configured(), login = user && d.password.configured();
  const bool client = !d.client_id.empty() && d.client_secret.configured();
  const auto used = chosen(d);
  if (used == credentials::token && client)
    out.push_back("dremio.token and dremio.client_id are both set: the token wins");
  if (used == credentials::token && login) out.push_back("dremio.token and dremio.user are both set: the token wins");
  if (used == credentials::client && login)
    out.push_back("dremio.client_id and dremio.user are both set: the service user wins");
  if (user && !login) out.push_back("dremio.user has no dremio.password or dremio.password_file: no login");
  if (!user && d.password.configured()) out.push_back("dremio.password has no dremio.user: no login");
  if (!d.client_id.empty() && !client)
    out.push_back("dremio.client_id has no dremio.client_secret or dremio.client_secret_file: no service user");
  if (d.client_id.empty() && d.client_secret.configured())
    out.push_back("dremio.client_secret has no dremio.client_id: no service user");
  if (!d.url.empty() && used == credentials::none)
    out.push_back(
        "dremio.url has no credentials beside it: the deny list cannot be written and a drain goes by the metric "
        "alone");
}

void about_dremio(const dremio_settings& d, std::vector<std::string>& out) {
  if (d.url.empty()) out.push_back("dremio.url is empty: there is no deny list and a drain goes by the metric alone");
  about_secrets(d, out);
  about_credentials(d, out);
  if (!d.tls_verify)
    out.push_back("dremio.tls_verify is false: whoever is between here and the coordinator can read the password");
}

void about_drain(const drain_settings& d, std::vector<std::string>& out) {
  if (d.poll < seconds(1))
    out.push_back("drain.poll = \"" + format_duration(d.poll) +
                  "\" is below 1s: the executor's server has a backlog of 1 and may refuse other scrapes");
  if (d.grace_from_old_variables)
    out.push_back(
        "drain.grace = \"" + format_duration(*d.grace) +
        "\" is taken from PROMETHEUS_WAIT_TIME x PROMETHEUS_QUERY_MAX_RETRIES, at most 600s: set drain.grace to the "
        "pod's terminationGracePeriodSeconds");
  if (d.grace && d.reserve && *d.reserve * 2 > *d.grace)
    out.push_back("drain.reserve = \"" + format_duration(*d.reserve) +
                  "\" is more than half of drain.grace: half of it is kept back");
  if (d.grace && d.settle * 3 > *d.grace)
    out.push_back(
        "drain.settle = \"" + format_duration(d.settle) +
        "\" is more than a third of drain.grace: a third of what is left without drain.reserve is waited for");
}

}  // namespace

credentials chosen(const dremio_settings& from) {
  if (from.token.configured()) return credentials::token;
  if (!from.client_id.empty() && from.client_secret.configured()) return credentials::client;
  if (from.user.configured() && from.password.configured()) return credentials::login;
  return credentials::none;
}

std::vector<std::string> warnings_about(const settings& all) {
  std::vector<std::string> out;
  const bool api = all.pod.in_kubernetes && all.kubernetes.mode != kubernetes_mode::off;
  if (!all.drain.grace && !api)
    out.push_back(
        "drain.grace is \"auto\" without a Kubernetes API to ask: 600s are assumed; set it to what stops the process");
  about_dremio(all.dremio, out);
  about_drain(all.drain, out);
  if (!is_loopback(all.listen.control) && all.listen.token_file.empty())
    out.push_back("listen.control = \"" + all.listen.control +
                  "\" can be reached from elsewhere, but without listen.token_file nobody there may control");
  return out;
}

}  // namespace ebb::config
