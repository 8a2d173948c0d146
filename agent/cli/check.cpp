#include "agent/cli/check.hpp"

#include <ostream>

#include "agent/cli/call.hpp"
#include "agent/cli/check_text.hpp"
#include "agent/cli/findings.hpp"
#include "agent/core/duration_text.hpp"
#include "agent/pod/events.hpp"
#include "agent/pod/node_name.hpp"
#include "agent/pod/pinned_name.hpp"
#include "agent/rt/within.hpp"
#include "agent/upstream/dremio.hpp"
#include "agent/upstream/fleet_lists.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;

namespace {

constexpr rt::duration patience = 10s;        // of one check
constexpr rt::duration nodes_patience = 20s;  // the coordinator asks every executor and waits 15 s for a dead one

class examination {
 public:
  examination(context& c, bool json) : c_(c), s_(c.settings()), json_(json) {
    const auto& retry = s_.retry;
    dremio_server_.configure(s_.dremio.url, {false, s_.dremio.tls_verify, s_.dremio.ca_file}, retry);
    executor_server_.configure(s_.executor.admin_url, {}, retry);
    prometheus_host_.configure(s_.prometheus.url, {false, true, s_.prometheus.ca_file}, retry);
    dremio_.configure(s_.dremio);
    executor_.configure(s_.executor);
    prometheus_.configure(s_);
    kubernetes_.configure(s_);
  }

  rt::task<int> run() {
    for (auto& f : about_configuration(c_.loaded)) tell(std::move(f));
    const auto pod = co_await kubernetes();
    tell(about_grace(s_, pod ? pod->grace : std::nullopt));
    for (auto& f : about_proxies(c_.env)) tell(std::move(f));
    co_await listening();
    const auto name = co_await node_name();
    if (co_await dremio_reached() && co_await logged_in()) co_await list_and_row(name);
    co_await executor();
    co_await prometheus();
    c_.out << (json_ ? findings_json(found_) : summary_line(found_));
    co_return check_exit(found_);
  }

 private:
  rt::deadline soon() const { return rt::deadline::after(c_.clock, patience); }

  void tell(finding f) {
    if (!json_) {
      c_.out << finding_line(f, c_.colour);
      c_.out.flush();
    }
    found_.push_back(std::move(f));
  }

  void tell_port(std::string check, const std::string& address, const std::string& key) {
    const auto port = c_.network.listen(address);
    if (port)
      tell(good(std::move(check), address + " is free"));
    else
      tell(failure(std::move(check), address + " cannot be had: " + port.error().message(),
                   "set " + key + " to a port that is free"));
  }

  rt::task<> listening() {
    agent_client agent(c_);
    const auto a = co_await agent.status(soon());
    if (a.good() && a.view) {
      tell(good("listen.control", "the agent answers: " + a.view->state));
      co_return;  // its other port is its own matter
    }
    if (a.how == reached::nobody) {
      tell_port("listen.control", s_.listen.control, "listen.control");
      tell_port("listen.probes", s_.listen.probes, "listen.probes");
    } else {
      tell(failure("listen.control", a.error, "end what has the port, or set listen.control to another one"));
    }
  }

  rt::task<own_name> node_name() {
    const auto& configured = s_.dremio.node_name;
    own_name own;
    if (configured != "auto" && !configured.empty()) {
      own = {configured, "configured"};
    } else if (auto pinned = pod::pinned_name_of(c_.env); !pinned.empty()) {
      own = {std::move(pinned), "pinned"};
    } else if (auto computed = co_await rt::within(soon(), pod::computed_name(c_.names))) {
      own = {std::move(*computed), "computed"};
    } else {
      tell(failure("node.name", "cannot be computed: " + computed.error().message(),
                   "mend /etc/hosts or DNS for " + c_.names.host_name() + ", or set dremio.node_name"));
      co_return own;
    }
    tell(good("node.name", own.name + " (" + own.source + ")"));
    co_return own;
  }

  rt::task<bool> dremio_reached() {
    if (!dremio_server_.configured()) {
      tell(warning("dremio", "dremio.url is not set: no deny list, a drain goes by the metric alone",
                   "set dremio.url to the coordinator, such as http://dremio-client:9047"));
      co_return false;
    }
    const auto& url = dremio_server_.url();
    const auto addresses = co_await rt::within(soon(), c_.names.resolve(url.host));
    if (!addresses) {
      tell(failure("dremio.resolve", url.host + ": " + addresses.error().message(),
                   "is the name right, and does the pod's DNS know it?"));
      co_return false;
    }
    tell(good("dremio.resolve",
              url.host + " is " + addresses->front().to_string() + (addresses->size() > 1 ? " and others" : "")));
    co_return co_await connected(url) && co_await secured(url);
  }

  rt::task<bool> connected(const http::base_url& url) {
    const auto began = c_.clock.now();
    const auto stream = co_await rt::within(soon(), c_.network.connect({url.host, url.port}));
    if (!stream) {
      tell(failure("dremio.connect", url.authority() + ": " + stream.error().message(),
                   "is the port right, is the coordinator up, and does a network policy let this pod through?"));
      co_return false;
    }
    tell(good("dremio.connect", url.authority() + " in " + core::text(c_.clock.now() - began)));
    co_return true;
  }

  rt::task<bool> secured(const http::base_url& url) {
    if (!url.tls) co_return true;
    const rt::destination to(url.host, url.port, {true, s_.dremio.tls_verify, s_.dremio.ca_file});
    const auto stream = co_await rt::within(soon(), c_.network.connect(to));
    if (!stream) {
      tell(failure("dremio.tls", url.authority() + ": " + stream.error().message(),
                   "set dremio.ca_file to the authority that signed the certificate, and dremio.url to a name in it"));
      co_return false;
    }
    if (s_.dremio.tls_verify)
      tell(good("dremio.tls", "the certificate is for " + url.host + " and trusted"));
    else
      tell(warning("dremio.tls", "the certificate is not verified", "set dremio.ca_file and dremio.tls_verify = true"));
    co_return true;
  }

  rt::task<bool> logged_in() {
    const bool in = co_await dremio_.log_in(rt::deadline::after(c_.clock, s_.dremio.login_timeout));
    tell(about_login(s_.dremio, in ? std::string() : dremio_.last_login_error(), dremio_.version()));
    if (in) tell(about_privilege(dremio_.can_manage_nodes()));
    co_return in;
  }

  rt::task<> list_and_row(const own_name& own) {
    const auto list = co_await dremio_.read(rt::deadline::after(c_.clock, s_.dremio.timeout));
    tell(about_list(list));
    if (list.outcome == core::list_outcome::ok && !own.name.empty()) tell(about_entry(own, list.list));
    if (list.outcome == core::list_outcome::ok && kubernetes_.configured()) co_await fleet(own, list.list);
    const auto rows = co_await dremio_.nodes(rt::deadline::after(c_.clock, nodes_patience));
    if (!rows)
      tell(warning("node.row", "the coordinator does not list its nodes: " + dremio_server_.stats().error,
                   "compare dremio.node_name with Node Activity by hand"));
    else if (!own.name.empty())
      tell(about_row(own, co_await own_addresses(), *rows));
    co_await dremio_.log_out(soon());
  }

  rt::task<> fleet(const own_name& own, const core::deny_list& list) {
    const auto cluster =
        core::cluster_value(dremio_.cluster_id().value_or(""), s_.kubernetes.cluster, dremio_server_.url().text());
    const auto wishes = co_await upstream::list_wishes(kubernetes_, cluster, soon());
    if (!wishes.error.empty()) co_return tell(about_unread_fleet(wishes, "get, list, create and update of leases"));
    const auto pods = co_await upstream::list_pods(kubernetes_, soon());
    if (!pods.error.empty()) co_return tell(about_unread_fleet(pods, "get, list and watch of pods"));
    for (auto& f : about_fleet(core::compare(wishes.leases, pods.living, cluster, list, own.name))) tell(std::move(f));
  }

  rt::task<std::vector<std::string>> own_addresses() {
    std::vector<std::string> out;
    if (!s_.pod.ip.empty()) out.push_back(s_.pod.ip);
    const auto found = co_await rt::within(soon(), c_.names.resolve(c_.names.host_name()));
    if (found)
      for (const auto& a : *found)
        if (!a.is_loopback()) out.push_back(a.to_string());
    co_return out;
  }

  // The same requests as the agent's; the Event is checked by the server and not kept.
  rt::task<std::optional<kubernetes::pod>> kubernetes() {
    const auto name = s_.pod.name.empty() ? c_.names.host_name() : s_.pod.name;
    if (!kubernetes_.configured()) {
      tell(about_api(s_, kubernetes_.missing()));
      co_return std::nullopt;
    }
    const auto r = co_await kubernetes_.get(kubernetes_.collection("/api/v1", "pods", name), soon());
    std::optional<kubernetes::pod> pod;
    if (r.outcome == core::api_outcome::ok)
      if (auto read = kubernetes::parse_pod(r.body)) pod = std::move(*read);
    tell(about_pod(s_, r, pod));
    const auto node = http::percent_encode("metadata.name=" + s_.pod.node);
    upstream::api_reply nodes;
    if (!s_.pod.node.empty()) nodes = co_await kubernetes_.get("/api/v1/nodes?fieldSelector=" + node, soon());
    tell(about_nodes(s_, nodes));
    if (!pod) co_return std::nullopt;
    auto event = pod::event_body({"Checked", "ebb check", false, false}, pod->meta, c_.clock.wall_now());
    const auto target = pod::events_path(kubernetes_) + "?dryRun=All";
    tell(about_events(co_await kubernetes_.call("POST", target, std::move(event), soon())));
    co_await scaling(*pod);
    co_return pod;
  }

  rt::task<> scaling(const kubernetes::pod& pod) {
    const auto* owner = kubernetes::controller_of(pod.meta);
    if (owner && owner->kind == "StatefulSet") {
      const auto target = kubernetes_.collection("/apis/autoscaling/v2", "horizontalpodautoscalers");
      for (auto& f : about_autoscalers(co_await kubernetes_.get(target, soon()), owner->name)) tell(std::move(f));
    }
    if (pod.subdomain.empty()) co_return;
    const auto service = kubernetes_.collection("/api/v1", "services", pod.subdomain);
    tell(about_service(co_await kubernetes_.get(service, soon()), pod.subdomain));
  }

  rt::task<> executor() {
    const auto live = co_await executor_.look_live(soon());
    tell(about_live(live, executor_server_.url().text()));
    if (live.answer == upstream::live_answer::refused) co_return;
    tell(about_metric(co_await executor_.look_load(soon()), s_.executor.metrics));
  }

  rt::task<> prometheus() {
    if (!prometheus_.configured()) {
      tell(good("prometheus", "not configured: the executor's own page alone speaks"));
      co_return;
    }
    tell(about_history(co_await prometheus_.look(soon()), prometheus_.query(), c_.clock.now()));
  }

  context& c_;
  const config::settings& s_;
  bool json_;
  std::vector<finding> found_;
  upstream::upstream dremio_server_{c_.network, c_.clock, c_.random};
  upstream::upstream executor_server_{c_.network, c_.clock, c_.random};
  upstream::upstream prometheus_host_{c_.network, c_.clock, c_.random};
  upstream::upstream kubernetes_host_{c_.network, c_.clock, c_.random};
  upstream::api_server kubernetes_{kubernetes_host_, c_.files};
  upstream::coordinator dremio_{dremio_server_, c_.files, c_.random};
  upstream::executor_port executor_{executor_server_};
  upstream::prometheus_server prometheus_{prometheus_host_, c_.files};
};

}  // namespace

rt::task<int> check(context& c, check_command asked) {
  examination all(c, asked.json);
  co_return co_await all.run();
}

}  // namespace ebb::cli
