#include <algorithm>
#include <array>

#include "config/schema.hpp"

namespace ebb::config {
namespace {

using std::string_view;

constexpr std::array<string_view, 3> mode_names{"auto", "off", "required"};
constexpr std::array<string_view, 4> level_names{"debug", "info", "warning", "error"};
constexpr std::array<string_view, 2> format_names{"logfmt", "json"};

constexpr std::span<const string_view> names_of(kubernetes_mode) { return mode_names; }
constexpr std::span<const string_view> names_of(log_level) { return level_names; }
constexpr std::span<const string_view> names_of(log_format) { return format_names; }

template <class Field>
value to_value(const Field& field) {
  if constexpr (std::is_enum_v<Field>)
    return std::string(names_of(field)[static_cast<std::size_t>(field)]);
  else if constexpr (std::is_same_v<Field, int>)
    return std::int64_t{field};
  else if constexpr (std::is_same_v<Field, duration>)
    return std::optional(field);
  else
    return field;
}

template <class Field>
void from_value(Field& field, const value& from) {
  if constexpr (std::is_enum_v<Field>) {
    const auto names = names_of(field);
    const auto at = std::find(names.begin(), names.end(), std::get<std::string>(from)) - names.begin();
    field = static_cast<Field>(at);
  } else if constexpr (std::is_same_v<Field, int>) {
    field = static_cast<int>(std::get<std::int64_t>(from));
  } else if constexpr (std::is_same_v<Field, duration>) {
    field = std::get<std::optional<duration>>(from).value();
  } else {
    field = std::get<Field>(from);
  }
}

// A key that lives at settings.*Path….
template <auto... Path>
constexpr key at(key described) {
  described.get = [](const settings& in) { return to_value((in.*....*Path)); };
  described.set = [](settings& in, const value& from) { from_value((in.*....*Path), from); };
  return described;
}

constexpr std::int64_t ms = 1, s = 1'000, m = 60 * s, h = 60 * m;

using S = settings;
using E = executor_settings;
using D = dremio_settings;
using P = prometheus_settings;
using R = drain_settings;
using K = kubernetes_settings;
using L = listen_settings;
constexpr auto value_of = &secret_source::value;
constexpr auto file_of = &secret_source::file;
constexpr auto restart = effect::at_restart;

constexpr std::array all{
    at<&S::executor, &E::admin_url>(
        {.name = "executor.admin_url",
         .type = kind::url,
         .meaning = "The executor's own admin port, which serves /live and /metrics.",
         .limit =
             "Where it does not answer, the number of fragments is unknown, and unknown never releases the executor.",
         .required = true,
         .counts = restart}),
    at<&S::executor, &E::metrics>(
        {.name = "executor.metrics",
         .type = kind::metrics,
         .meaning =
             "Names of the gauge that counts running fragments, in the order of Dremio's releases; the first one "
             "that is present counts.",
         .limit = "Where none is present the number is unknown, never zero.",
         .required = true}),
    at<&S::executor, &E::stop_signal>(
        {.name = "executor.stop_signal",
         .type = kind::signal,
         .meaning = "The signal that asks the executor to stop, sent to its process group.",
         .limit = "Where it does not end the executor, SIGQUIT (a thread dump) follows 2 s and SIGKILL 1 s before the "
                  "deadline.",
         .required = true,
         .counts = restart}),
    at<&S::executor, &E::forward>(
        {.name = "executor.forward",
         .type = kind::signals,
         .meaning = "Further signals that are passed on to the executor, such as [\"SIGUSR1\"].",
         .limit = "A JVM without a handler of its own dies of SIGUSR1 and SIGUSR2; signals that are not named stay "
                  "with Ebb.",
         .counts = restart}),
    at<&S::executor, &E::success_codes>(
        {.name = "executor.success_codes",
         .type = kind::codes,
         .meaning =
             "Exit codes that become 0 when Ebb itself asked the executor to stop; 143 also as death by that signal.",
         .limit = "Every other code is passed on as it is.",
         .low = 0,
         .high = 255,
         .counts = restart}),

    at<&S::dremio, &D::url>(
        {.name = "dremio.url",
         .type = kind::url,
         .meaning = "The coordinator, such as \"http://dremio-client:9047\".",
         .limit = "Empty: there is no deny list, and a drain goes by the metric alone, said loudly."}),
    at<&S::dremio, &D::user, value_of>(
        {.name = "dremio.user",
         .type = kind::text,
         .meaning = "The account to log in with; it needs the right to change the deny list.",
         .limit = "Without a right or a password the list is unavailable, and a drain goes by the metric alone."}),
    at<&S::dremio, &D::user, file_of>(
        {.name = "dremio.user_file",
         .type = kind::path,
         .meaning = "File that holds the account's name; beats the plain key and is read again on change.",
         .limit = "Beside the password's file in one Secret: an account is then replaced whole."}),
    at<&S::dremio, &D::password, value_of>({.name = "dremio.password",
                                            .type = kind::secret,
                                            .meaning = "Its password. Better: a file.",
                                            .limit = "Never printed, logged or passed on to the executor."}),
    at<&S::dremio, &D::password, file_of>(
        {.name = "dremio.password_file",
         .type = kind::path,
         .meaning = "File that holds the password; beats the plain key and is read again on change.",
         .limit = "Missing, empty or larger than 64 KiB: said, and tried again."}),
    at<&S::dremio, &D::token, value_of>(
        {.name = "dremio.token",
         .type = kind::secret,
         .meaning = "A personal access token, instead of a login.",
         .limit = "Beats the service user and the login. Once it has expired the list is unavailable."}),
    at<&S::dremio, &D::token, file_of>(
        {.name = "dremio.token_file",
         .type = kind::path,
         .meaning = "File that holds the token; beats the plain key and is read again on change.",
         .limit = "Missing, empty or larger than 64 KiB: said, and tried again."}),
    at<&S::dremio, &D::client_id>({.name = "dremio.client_id",
                                   .type = kind::text,
                                   .meaning = "A service user (OAuth client credentials), instead of a login.",
                                   .limit = "Beats the login. Without its secret it counts as not set."}),
    at<&S::dremio, &D::client_secret, value_of>({.name = "dremio.client_secret",
                                                 .type = kind::secret,
                                                 .meaning = "The service user's secret. Better: a file.",
                                                 .limit = "Never printed, logged or passed on to the executor."}),
    at<&S::dremio, &D::client_secret, file_of>(
        {.name = "dremio.client_secret_file",
         .type = kind::path,
         .meaning = "File that holds the service user's secret; beats the plain key and is read again on change.",
         .limit = "Missing, empty or larger than 64 KiB: said, and tried again."}),
    at<&S::dremio, &D::ca_file>(
        {.name = "dremio.ca_file",
         .type = kind::path,
         .meaning = "Certificates (PEM) that vouch for an https coordinator.",
         .limit = "Empty: those of the system. A coordinator that they do not vouch for is not talked to."}),
    at<&S::dremio, &D::tls_verify>(
        {.name = "dremio.tls_verify",
         .type = kind::flag,
         .meaning = "Whether the coordinator's certificate is verified.",
         .limit = "false lets anybody between here and there read the password; said at every start."}),
    at<&S::dremio, &D::node_name>(
        {.name = "dremio.node_name",
         .type = kind::text,
         .meaning = "The exact entry to write to the deny list; \"auto\" computes it as the executor's JVM does.",
         .limit = "A name that the coordinator does not know denies nothing: see `ebb check`.",
         .required = true,
         .counts = restart}),
    at<&S::dremio, &D::timeout>({.name = "dremio.timeout",
                                 .type = kind::span,
                                 .meaning = "Longest time for one request to the coordinator.",
                                 .limit = "Beyond it the request has failed and is tried again within the retry "
                                          "budget; calls of the deny list never "
                                          "take more than 5 s.",
                                 .low = 100 * ms,
                                 .high = 10 * m}),
    at<&S::dremio, &D::login_timeout>(
        {.name = "dremio.login_timeout",
         .type = kind::span,
         .meaning = "The same for a login, which may ask a directory service.",
         .limit = "Beyond it the login has failed and is tried again within the retry budget.",
         .low = 100 * ms,
         .high = 10 * m}),
    at<&S::dremio, &D::reclaim>({.name = "dremio.reclaim",
                                 .type = kind::span,
                                 .meaning = "An own entry that comes back within this time after admission is another "
                                            "writer's stale copy and is taken "
                                            "off again.",
                                 .limit = "Later it is a person's wish: the node pauses and the entry is respected.",
                                 .low = 0,
                                 .high = 1 * h}),

    at<&S::prometheus, &P::url>(
        {.name = "prometheus.url",
         .type = kind::url,
         .meaning = "A Prometheus server as second source, such as \"http://prometheus-server\".",
         .limit = "Empty: the executor's own metrics are the only source."}),
    at<&S::prometheus, &P::ca_file>({.name = "prometheus.ca_file",
                                     .type = kind::path,
                                     .meaning = "Certificates (PEM) that vouch for an https Prometheus.",
                                     .limit = "Empty: those of the system."}),
    at<&S::prometheus, &P::token_file>(
        {.name = "prometheus.token_file",
         .type = kind::path,
         .meaning = "File that holds a bearer token for Prometheus; read again on change.",
         .limit = "Missing or empty: the second source is unknown, said."}),
    at<&S::prometheus, &P::selector>({.name = "prometheus.selector",
                                      .type = kind::matchers,
                                      .meaning = "Label matchers that pick this executor's series, such as "
                                                 "'namespace=\"dremio\",pod=\"dremio-executor-3\"'.",
                                      .limit = "Empty: by namespace and pod, else by instance."}),

    at<&S::drain, &R::grace>(
        {.name = "drain.grace",
         .type = kind::span_or_auto,
         .meaning = "The pod's terminationGracePeriodSeconds, where the Kubernetes API does not tell it.",
         .limit = "\"auto\" takes 600s, with a warning. What still runs when grace less reserve is over is stopped.",
         .low = 1 * s,
         .high = 7 * 24 * h}),
    at<&S::drain, &R::short_grace>({.name = "drain.short",
                                    .type = kind::span,
                                    .meaning = "The same when the API says that the pod is not being deleted: a node "
                                               "shuts down, or the container restarts.",
                                    .limit = "What still runs when it is over, less the reserve, is stopped.",
                                    .low = 1 * s,
                                    .high = 7 * 24 * h}),
    at<&S::drain, &R::reserve>({.name = "drain.reserve",
                                .type = kind::span_or_auto,
                                .meaning = "Kept back of the grace for the executor's own stop.",
                                .limit = "\"auto\" is a sixth of the grace, between 5s and 120s. Never more than half "
                                         "of the grace; SIGKILL comes 1s before the deadline, not sooner.",
                                .low = 0,
                                .high = 1 * h}),
    at<&S::drain, &R::settle>(
        {.name = "drain.settle",
         .type = kind::span,
         .meaning = "Least time between the verified entry and the release, for plans that were made before it.",
         .limit = "Never more than a third of the usable time. Too short for the coordinator's propagation: queries "
                  "are lost.",
         .low = 0,
         .high = 10 * m}),
    at<&S::drain, &R::quiet>(
        {.name = "drain.quiet",
         .type = kind::span,
         .meaning = "The zeros must cover at least this time.",
         .limit =
             "Never more than a sixth of the usable time. One sample that is not zero, or unknown, starts it anew.",
         .low = 0,
         .high = 10 * m}),
    at<&S::drain, &R::samples>({.name = "drain.samples",
                                .type = kind::integer,
                                .meaning = "Zeros needed in a row.",
                                .limit = "2 are enough where less than 6 s are usable.",
                                .low = 1,
                                .high = 100}),
    at<&S::drain, &R::poll>({.name = "drain.poll",
                             .type = kind::span,
                             .meaning = "Time between two samples while draining.",
                             .limit = "Below 1s is accepted with a warning: the executor's server has a backlog of 1.",
                             .low = 100 * ms,
                             .high = 10 * m}),
    at<&S::drain, &R::deny_patience>({.name = "drain.deny_patience",
                                      .type = kind::span_or_auto,
                                      .meaning = "How long an unreachable coordinator is waited for.",
                                      .limit = "Then the metric alone decides, with a quiet time of 30 s. \"auto\" is "
                                               "a quarter of the usable time, at most 60s.",
                                      .low = 0,
                                      .high = 24 * h}),

    at<&S::kubernetes, &K::mode>({.name = "kubernetes.mode",
                                  .type = kind::choice,
                                  .meaning = "Whether the Kubernetes API is asked: auto, off or required.",
                                  .limit = "auto goes on without it, said; required is not ready until it answers.",
                                  .choices = mode_names,
                                  .counts = restart}),
    at<&S::kubernetes, &K::url>({.name = "kubernetes.url",
                                 .type = kind::url,
                                 .meaning = "The API server, where it is not the one that the pod's environment names.",
                                 .limit = "Empty: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT; without them "
                                          "there is no API to ask.",
                                 .counts = restart}),
    at<&S::kubernetes, &K::token_file>(
        {.name = "kubernetes.token_file",
         .type = kind::path,
         .meaning = "File that holds the service account's token; read again for every request.",
         .limit = "Missing or empty: the API is not available, said; everything else works."}),
    at<&S::kubernetes, &K::ca_file>({.name = "kubernetes.ca_file",
                                     .type = kind::path,
                                     .meaning = "Certificates (PEM) that vouch for the API server; no others are "
                                                "trusted.",
                                     .limit = "Missing or damaged: the API is not available, said; never without."}),
    at<&S::kubernetes, &K::taints>(
        {.name = "kubernetes.taints",
         .type = kind::taints,
         .meaning = "Keys of taints that say that the node is about to go. One of them, or a cordon, denies the node "
                    "early; it stops nothing, and is undone when it goes.",
         .limit = "Empty: a cordon alone. Needs get, list and watch of nodes."}),
    at<&S::kubernetes, &K::fleet>({.name = "kubernetes.fleet",
                                   .type = kind::text,
                                   .meaning = "Agents of one fleet and cluster share the writing of the deny list.",
                                   .limit = "Empty: the StatefulSet's name.",
                                   .counts = restart}),
    at<&S::kubernetes, &K::cluster>({.name = "kubernetes.cluster",
                                     .type = kind::text,
                                     .meaning = "Name of the Dremio cluster that the deny list belongs to, where its "
                                                "login tells no clusterId, which would count.",
                                     .limit = "Empty: dremio.url takes its place.",
                                     .counts = restart}),

    at<&S::listen, &L::probes>(
        {.name = "listen.probes",
         .type = kind::address,
         .meaning = "Address of the probes, the metrics, the status and the page. [::] takes both families.",
         .limit = "In use: tried again every 5 s, said. Port 0 lets the system choose.",
         .required = true,
         .counts = restart}),
    at<&S::listen, &L::control>({.name = "listen.control",
                                 .type = kind::address,
                                 .meaning = "Address of /drain, /undrain and /stop.",
                                 .limit = "Whoever is not on this machine needs the token below.",
                                 .required = true,
                                 .counts = restart}),
    at<&S::listen, &L::token_file>(
        {.name = "listen.token_file",
         .type = kind::path,
         .meaning = "File that holds a bearer token that may control from elsewhere, on the probes' port too.",
         .limit = "Empty: nobody may. A file that cannot be read: nobody may, said."}),

    at<&S::retry, &retry_settings::ratio>(
        {.name = "retry.ratio",
         .type = kind::number,
         .meaning = "Retries for each success, of every upstream (Dremio, Prometheus, Kubernetes, executor).",
         .limit = "With the bucket empty one retry each 5 s is left; first attempts are never refused.",
         .low = 0,
         .high = 1}),
    at<&S::retry, &retry_settings::burst>({.name = "retry.burst",
                                           .type = kind::number,
                                           .meaning = "Retries that may be saved up, of every upstream.",
                                           .limit = "More are never saved.",
                                           .low = 1,
                                           .high = 1000}),

    at<&S::log, &log_settings::level>(
        {.name = "log.level",
         .type = kind::choice,
         .meaning = "Least important line that is written: debug, info, warning or error.",
         .limit = "A drain can be followed at info. Lines that cannot be written at once are dropped and counted.",
         .choices = level_names}),
    at<&S::log, &log_settings::format>({.name = "log.format",
                                        .type = kind::choice,
                                        .meaning = "Form of a line: logfmt or json.",
                                        .limit = "Both have the same fields.",
                                        .choices = format_names}),
};

constexpr std::array headings{
    section{"executor", "The process next to which Ebb stands."},
    section{"dremio",
            "The coordinator and the account that may change its deny list. One of: a token, a service user, a login."},
    section{"prometheus",
            "A second opinion on what the executor runs: stand-in when its own metrics are away, and veto."},
    section{"drain", "When a drain is over, and when it has to be."},
    section{"kubernetes", "The pod, its node, and the other agents of the fleet."},
    section{"listen", "What Ebb serves."},
    section{"retry", "The budget that keeps a fleet in trouble from adding to it."},
    section{"log", "What Ebb says, on standard output."},
};

}  // namespace

std::span<const key> keys() { return all; }
std::span<const section> sections() { return headings; }

}  // namespace ebb::config
