#include "agent/cli/findings.hpp"

#include "tests/support/catch.hpp"

using namespace ebb;
using namespace std::chrono_literals;
using cli::finding;
using cli::verdict;

namespace {

finding list_finding(core::list_outcome outcome, std::string error) {
  keeper::list_call call;
  call.outcome = outcome;
  call.error = std::move(error);
  return cli::about_list(call);
}

dremio::node_row executor(std::string name, std::string ip = "10.0.0.7") {
  dremio::node_row r;
  r.name = r.host = std::move(name);
  r.ip = std::move(ip);
  r.status = "green";
  r.is_executor = true;
  return r;
}

const cli::own_name own{"e-1.pod.svc", "computed"};

}  // namespace

TEST_CASE("check_list: each answer of the coordinator has its meaning and its mend") {
  using core::list_outcome;
  CHECK(list_finding(list_outcome::ok, "").result == verdict::ok);
  const auto no_list = list_finding(list_outcome::unavailable, "HTTP 404: HTTP 404 Not Found");
  CHECK(no_list.result == verdict::warning);
  CHECK_THAT(no_list.why, ContainsSubstring("no deny list"));
  const auto no_right = list_finding(list_outcome::unavailable, "HTTP 403: no");
  CHECK(no_right.result == verdict::failure);
  CHECK_THAT(no_right.mend, ContainsSubstring("ADMIN"));
  CHECK_THAT(list_finding(list_outcome::login_again, "HTTP 401").why, ContainsSubstring("token is refused"));
  CHECK_THAT(list_finding(list_outcome::retry, "deny list: <html> is no JSON").mend, ContainsSubstring("dremio.url"));
  CHECK(list_finding(list_outcome::retry, "connection refused").result == verdict::failure);
}

TEST_CASE("check_login: a refused login names the account and what to correct") {
  config::dremio_settings s;
  s.user.value = "ebb";
  s.password.value = "secret";
  CHECK(cli::about_login(s, "", "25.2.0").why == "as user ebb, Dremio 25.2.0");
  const auto wrong = cli::about_login(s, "login: HTTP 401: Login failed", "");
  CHECK(wrong.result == verdict::failure);
  CHECK_THAT(wrong.why, ContainsSubstring("user ebb"));
  CHECK_THAT(wrong.mend, ContainsSubstring("dremio.password"));
  CHECK(wrong.why.find("secret") == std::string::npos);
  CHECK_THAT(cli::about_login(s, "login: HTTP 403: No User Available", "").mend, ContainsSubstring("administrator"));
  CHECK_THAT(cli::about_login(s, "login: HTTP 404", "").mend, ContainsSubstring("dremio.url"));
  CHECK_THAT(cli::about_login(s, "login: timed out", "").mend, ContainsSubstring("login_timeout"));
}

TEST_CASE("check_privilege: an account that may not manage nodes is a failure, an unknown right is not") {
  CHECK(cli::about_privilege(true).result == verdict::ok);
  CHECK(cli::about_privilege(false).result == verdict::failure);
  CHECK(cli::about_privilege(std::nullopt).result == verdict::ok);
}

TEST_CASE("check_name: the exact row is ours, another name for our address is said") {
  const std::vector<std::string> addresses = {"10.0.0.7"};
  const std::vector rows = {executor("e-0.pod.svc", "10.0.0.6"), executor("e-1.pod.svc")};
  CHECK(cli::about_row(own, addresses, rows).result == verdict::ok);

  const auto by_address = cli::about_row(own, addresses, std::vector{executor("node-7.internal")});
  CHECK(by_address.result == verdict::failure);
  CHECK(by_address.mend == "set dremio.node_name = \"node-7.internal\"");
  const auto by_case = cli::about_row(own, {}, std::vector{executor("E-1.pod.svc", "10.9.9.9")});
  CHECK(by_case.mend == "set dremio.node_name = \"E-1.pod.svc\"");
  const auto short_name = cli::about_row(own, {}, std::vector{executor("e-1", "10.9.9.9")});
  CHECK(short_name.mend == "set dremio.node_name = \"e-1\"");
}

TEST_CASE("check_name: e-1 is not e-10, and a coordinator is no executor") {
  auto coordinator = executor("e-1.pod.svc");
  coordinator.is_executor = false;
  const std::vector rows = {executor("e-10.pod.svc", "10.0.0.10"), coordinator};
  const auto f = cli::about_row(own, std::vector<std::string>{"10.0.0.7"}, rows);
  CHECK(f.result == verdict::warning);
  CHECK_THAT(f.why, ContainsSubstring("is not known to Dremio (executors: e-10.pod.svc)"));
}

TEST_CASE("check_name: a node of another version or without an answer is said") {
  auto other = executor("e-1.pod.svc");
  other.is_compatible = false;
  CHECK(cli::about_row(own, {}, std::vector{other}).result == verdict::failure);
  auto red = executor("e-1.pod.svc");
  red.status = "red";
  red.details = "NO_RESPONSE";
  const auto f = cli::about_row(own, {}, std::vector{red});
  CHECK(f.result == verdict::warning);
  CHECK_THAT(f.why, ContainsSubstring("NO_RESPONSE"));
}

TEST_CASE("check_entry: our entry, one that only resembles ours, and none") {
  CHECK_THAT(cli::about_entry(own, {"x", "e-1.pod.svc"}).why, ContainsSubstring("is on the deny list"));
  for (const auto* alike : {"e-1", "E-1.POD.SVC", "e-1.pod.svc.cluster.local"}) {
    const auto f = cli::about_entry(own, {alike});
    CHECK(f.result == verdict::warning);
    CHECK_THAT(f.why, ContainsSubstring("it has no effect"));
  }
  CHECK(cli::about_entry(own, {"e-10.pod.svc", "e-11"}).result == verdict::ok);
}

TEST_CASE("lesson_09_a_dead_metric_is_a_failure_of_the_check") {
  const config::settings s;
  upstream::load_look look;
  look.sample.why = "none of the metrics is on the page";
  const auto none = cli::about_metric(look, s.executor.metrics);
  CHECK(none.result == verdict::failure);
  CHECK_THAT(none.why, ContainsSubstring("exec_fragments_active, fragments_active"));
  CHECK_THAT(none.mend, ContainsSubstring("executor.metrics"));

  look.metric = "fragments_active";
  look.sample.why = "fragments_active: NaN";
  CHECK(cli::about_metric(look, s.executor.metrics).result == verdict::failure);

  look.sample.value = core::load::busy;
  look.sample.fragments = 3;
  CHECK(cli::about_metric(look, s.executor.metrics).why == "fragments_active = 3");
}

TEST_CASE("check_live: refused, unhealthy and silent are told apart") {
  using upstream::live_answer;
  const std::string url = "http://127.0.0.1:9010";
  CHECK(cli::about_live({live_answer::live, ""}, url).result == verdict::ok);
  CHECK_THAT(cli::about_live({live_answer::refused, "x"}, url).mend, ContainsSubstring("web-admin.port"));
  CHECK_THAT(cli::about_live({live_answer::not_live, "HTTP 500"}, url).why, ContainsSubstring("HTTP 500"));
  CHECK_THAT(cli::about_live({live_answer::unknown, "timed out"}, url).mend, ContainsSubstring("admin_url"));
}

TEST_CASE("check_prometheus: fresh samples are told with their age, others with why they are not") {
  const rt::time_point now{100s};
  upstream::history h;
  h.judged.why = "no sample of this executor";
  const auto none = cli::about_history(h, "fragments_active{pod=\"e-1\"}[300s]", now);
  CHECK(none.result == verdict::warning);
  CHECK_THAT(none.why, ContainsSubstring("asked for fragments_active{pod="));

  h.judged.fresh = true;
  h.judged.interval = 10s;
  h.judged.samples.resize(3);
  h.at = {now - 24s, now - 14s, now - 4s};
  CHECK(cli::about_history(h, "q", now).why == "3 samples, every 10 s, the newest 4.0 s old: 0");
}

TEST_CASE("check_grace: the plan is printed, and a grace that is guessed or short is a warning") {
  config::settings s;
  const auto assumed = cli::about_grace(s);
  CHECK(assumed.result == verdict::warning);
  CHECK_THAT(assumed.why, ContainsSubstring("10 min (assumed): stopped at t+8 min 18 s at the latest"));
  CHECK_THAT(assumed.mend, ContainsSubstring("terminationGracePeriodSeconds"));

  s.drain.grace = 720s;
  const auto chart_v2 = cli::about_grace(s);
  CHECK(chart_v2.result == verdict::ok);
  CHECK_THAT(chart_v2.why, ContainsSubstring("12 min (configured): stopped at t+9 min 58 s"));
  CHECK_THAT(chart_v2.why, ContainsSubstring("longer than 9 min 58 s are cut"));

  s.drain.grace = 10s;
  const auto managed = cli::about_grace(s);
  CHECK(managed.result == verdict::warning);
  CHECK_THAT(managed.why, ContainsSubstring("longer than 3.0 s are cut"));

  s.drain.grace = 600s;
  s.drain.grace_from_old_variables = true;
  CHECK_THAT(cli::about_grace(s).why, ContainsSubstring("PROMETHEUS_WAIT_TIME"));
}

TEST_CASE("check_configuration: each warning is a line, and the grace has its own") {
  config::loaded loaded;
  CHECK(cli::about_configuration(loaded).front().result == verdict::ok);
  loaded.warnings = {"drain.grace is \"auto\": 600s are assumed", "dremio.password has no dremio.user: no login"};
  const auto found = cli::about_configuration(loaded);
  REQUIRE(found.size() == 1);
  CHECK(found.front().result == verdict::warning);
  CHECK_THAT(found.front().why, ContainsSubstring("no login"));
}

TEST_CASE("check_proxy: variables of proxies are said, since they are not used") {
  CHECK(cli::about_proxies({}).empty());
  CHECK(cli::about_proxies({{"HTTP_PROXY", ""}}).empty());
  const auto found = cli::about_proxies({{"https_proxy", "http://p:1"}, {"HTTP_PROXY", "http://p:1"}});
  REQUIRE(found.size() == 1);
  CHECK_THAT(found.front().why, ContainsSubstring("HTTP_PROXY, https_proxy set and not used"));
}

TEST_CASE("check_kubernetes: what is missing is named with the rule that would give it, and costs no failure") {
  config::settings s;
  CHECK(cli::about_api(s, "no API").result == verdict::ok);
  s.pod.in_kubernetes = true;
  CHECK(cli::about_api(s, "no namespace").result == verdict::warning);
  upstream::api_reply no_right;
  no_right.outcome = core::api_outcome::forbidden;
  no_right.error = "HTTP 403: pods is forbidden";
  const auto pod = cli::about_pod(s, no_right, std::nullopt);
  CHECK(pod.result == verdict::warning);
  CHECK_THAT(pod.mend, ContainsSubstring("get, list and watch of pods, as deploy/rbac.yaml does"));
  CHECK_THAT(cli::about_events(no_right).mend, ContainsSubstring("create of events.k8s.io events"));
  s.pod.node = "n1";
  CHECK(cli::about_nodes(s, no_right).result == verdict::ok);
  CHECK_THAT(cli::about_nodes(s, no_right).why, ContainsSubstring("not permitted"));
  upstream::api_reply nodes;
  nodes.outcome = core::api_outcome::ok;
  for (const auto* body : {"<html>", "{}", R"({"kind":"NodeList","items":[]})"}) {
    nodes.body = body;
    CHECK(cli::about_nodes(s, nodes).result == verdict::warning);
  }
  nodes.body = R"({"kind":"NodeList","items":[{"metadata":{"name":"n1","uid":"n"}}]})";
  CHECK(cli::about_nodes(s, nodes).result == verdict::ok);
  s.kubernetes.mode = config::kubernetes_mode::required;
  CHECK(cli::about_pod(s, no_right, std::nullopt).result == verdict::failure);
  CHECK(cli::about_api(s, "no API").result == verdict::failure);
}

TEST_CASE("check_kubernetes: another pod under the name is a failure, the own one tells its grace") {
  config::settings s;
  s.pod.uid = "u-1";
  kubernetes::pod pod;
  pod.meta.name = "e-1";
  pod.meta.name_space = "dremio";
  pod.meta.uid = "u-1";
  pod.grace = std::chrono::seconds(720);
  CHECK(cli::about_pod(s, {}, pod).why == "dremio/e-1, grace 12 min");
  pod.meta.uid = "u-2";
  CHECK(cli::about_pod(s, {}, pod).result == verdict::failure);
  CHECK(cli::about_grace(s).result == verdict::warning);
  CHECK(cli::about_grace(s, 720s).result == verdict::ok);
  CHECK_THAT(cli::about_grace(s, 720s).why, ContainsSubstring("12 min (the pod's): stopped at"));
}

TEST_CASE("check_fleet: what is stale is named first, long lists are cut, a missing right is no failure") {
  core::fleet_view view;
  view.nodes = {{"e-9", core::wish::leave_alone, true, core::standing::stale},
                {"e-1", core::wish::denied, false, core::standing::missing},
                {"e-2", core::wish::allowed, true, core::standing::left_over}};
  for (int i = 0; i < 100; ++i)
    view.nodes.push_back({"f-" + std::to_string(i), core::wish::denied, true, core::standing::as_wished});
  view.left = {{"ebb-e-3", "e-1", core::set_aside::other_node}};
  const auto found = cli::about_fleet(view);
  REQUIRE(found.size() == 33);
  CHECK(found[0].why == "101 nodes denied and 1 allowed by their agents, 102 nodes on the list");
  CHECK(found[1].result == verdict::warning);
  CHECK(found[1].why == "e-9: no wish, on the list; stale: no pod of this name lives");
  CHECK(found[2].why == "e-1: wish denied, not on the list");
  CHECK(found[2].result == verdict::warning);
  CHECK(found[3].why == "e-2: wish allowed, on the list");
  CHECK(found[4].result == verdict::ok);
  CHECK(found[31].why == "and 73 more");
  CHECK_THAT(found[32].why, ContainsSubstring("ebb-e-3 is not applied: it names a node that is not its pod's"));
  const auto right = cli::about_unread_fleet({core::api_outcome::forbidden, "wishes: HTTP 403"},
                                             "get, list, create and update of leases");
  CHECK(right.result == verdict::warning);
  CHECK_THAT(right.mend, ContainsSubstring("update of leases, as deploy/rbac.yaml does"));
  const auto other = [](core::api_outcome o) { return cli::about_unread_fleet({o, "wishes: x"}, "leases").mend; };
  CHECK_THAT(other(core::api_outcome::refused), ContainsSubstring("too much"));
  CHECK_THAT(other(core::api_outcome::retry), ContainsSubstring("kubernetes.url"));
}
