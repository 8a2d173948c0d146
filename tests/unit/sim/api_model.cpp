#include "tests/sim/fleet/api_model.hpp"

#include <boost/json/parse.hpp>

#include "tests/sim/fleet/api_pods.hpp"
#include "tests/support/catch.hpp"

namespace ebb::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr auto pod_path = "/api/v1/namespaces/dremio/pods/executor-0";
constexpr auto lease_path = "/apis/coordination.k8s.io/v1/namespaces/dremio/leases";
constexpr auto event_path = "/apis/events.k8s.io/v1/namespaces/dremio/events";

struct reply {
  unsigned status;
  api_object body;
  std::shared_ptr<api_watch> watch;
  std::string reason() const { return text_at(body, {"reason"}); }
};

struct server {
  server() {
    model.access().allow_what_is_deployed(true);
    add(0);
  }
  api_state add(int i) {
    auto made = model.create(resource::pods, pod_object({.name = "executor-" + std::to_string(i), .grace = 600}));
    token = model.access().issue({"dremio", made->name(), text_at(made->value(), {"metadata", "uid"}), {}});
    return made;
  }
  reply ask(std::string method, std::string target, std::string body = {}, std::string accept = {}) {
    http::request r;
    r.method = std::move(method);
    r.target = std::move(target);
    r.body = std::move(body);
    r.headers = {{"Authorization", "Bearer " + token}, {"Accept", accept}};
    auto a = model.handle(r);
    return {a.status, a.watch ? api_object() : boost::json::parse(a.body).as_object(), a.watch};
  }
  std::shared_ptr<api_watch> watch(std::string query) {
    return ask("GET", "/api/v1/namespaces/dremio/pods?watch=true&" + query).watch;
  }
  std::string revision() { return std::to_string(model.store().revision()); }
  api_object pod() { return model.store().find(resource::pods, "dremio", "executor-0")->value(); }
  void pass(rt::duration d) {
    time.steady += d;
    time.wall += std::chrono::duration_cast<std::chrono::milliseconds>(d);
  }
  std::string after(seconds s) { return whole_seconds(time.wall + s); }

  api_time time{rt::wall_time(seconds(1'800'000'000)) + 700ms, rt::time_point(1h)};
  api_model model{[this] { return time; }};
  std::string token;
};

api_object object_of_frame(const std::string& frame) { return boost::json::parse(frame).as_object(); }
std::string type_of(const std::string& frame) { return text_at(object_of_frame(frame), {"type"}); }

std::string lease_body(std::string name, std::string revision = {},
                       std::string renewed = "2026-11-24T10:00:00.000000Z") {
  std::string version = revision.empty() ? "" : R"(,"resourceVersion":")" + revision + "\"";
  return R"({"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":")" + name + "\"" + version +
         R"(},"spec":{"holderIdentity":"me","leaseDurationSeconds":5,"renewTime":")" + renewed + "\"}}";
}

}  // namespace

TEST_CASE("the API model lists by name, by labels, and page by page") {
  server s;
  for (int i = 1; i < 5; ++i) s.add(i);
  auto one = s.ask("GET", "/api/v1/namespaces/dremio/pods?fieldSelector=metadata.name%3Dexecutor-3");
  CHECK(text_at(one.body, {"kind"}) == "PodList");
  CHECK(text_at(one.body, {"metadata", "resourceVersion"}) == s.revision());
  REQUIRE(one.body.at("items").as_array().size() == 1);
  CHECK(text_at(one.body.at("items").as_array()[0].as_object(), {"metadata", "name"}) == "executor-3");

  const std::string all = "/api/v1/namespaces/dremio/pods?limit=2&labelSelector=app%3Dexecutor";
  std::vector<std::string> names;
  std::string next;
  for (int page = 0; page < 3; ++page) {
    auto r =
        s.ask("GET", all + "&continue=" + next, {}, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    CHECK(text_at(r.body, {"kind"}) == "PartialObjectMetadataList");
    for (const auto& item : r.body.at("items").as_array()) {
      CHECK_FALSE(item.as_object().contains("spec"));
      names.push_back(text_at(item.as_object(), {"metadata", "name"}));
    }
    next = text_at(r.body, {"metadata", "continue"});
    CHECK(next.empty() == (page == 2));
  }
  CHECK(names == std::vector<std::string>{"executor-0", "executor-1", "executor-2", "executor-3", "executor-4"});
  CHECK(s.ask("GET", "/api/v1/namespaces/dremio/pods?labelSelector=app%3Dother").body.at("items").as_array().empty());
  s.model.forget_history();
  CHECK(s.ask("GET", all + "&continue=" + "1.dremio/executor-1").status == 410);
}

TEST_CASE("the API model guards writes: 409 for what exists or was changed meanwhile, 422 without a revision") {
  server s;
  CHECK(s.ask("POST", lease_path, lease_body("m")).status == 201);
  auto twice = s.ask("POST", lease_path, lease_body("m"));
  CHECK((twice.status == 409 && twice.reason() == "AlreadyExists"));
  const std::string one = std::string(lease_path) + "/m";
  auto read = s.ask("GET", one);
  const auto revision = text_at(read.body, {"metadata", "resourceVersion"});
  CHECK_FALSE(text_at(read.body, {"metadata", "uid"}).empty());
  auto written = s.ask("PUT", one, lease_body("m", revision));
  CHECK(written.status == 200);
  CHECK(text_at(written.body, {"metadata", "uid"}) == text_at(read.body, {"metadata", "uid"}));
  auto stale = s.ask("PUT", one, lease_body("m", revision));
  CHECK((stale.status == 409 && stale.reason() == "Conflict"));
  CHECK(s.ask("PUT", one, lease_body("m")).status == 422);
  CHECK(s.ask("PUT", std::string(lease_path) + "/other", lease_body("other", "1")).status == 404);
}

TEST_CASE("the API model takes a MicroTime with exactly six digits and nothing else") {
  server s;
  int i = 0;
  for (const auto* time : {"2026-11-24T10:00:00Z", "2026-11-24T10:00:00.123Z", "2026-11-24T10:00:00.1234567Z",
                           "2026-13-24T10:00:00.123456Z", "yesterday"})
    CHECK(s.ask("POST", lease_path, lease_body("l" + std::to_string(++i), {}, time)).status == 400);
  CHECK(s.ask("POST", lease_path, lease_body("l", {}, "2026-11-24T10:00:00.123456Z")).status == 201);
}

TEST_CASE("the API model refuses events and leases that break their rules") {
  server s;
  const auto event = [](const std::string& change_from, const std::string& change_to) {
    std::string text =
        R"({"metadata":{"name":"executor-0.1a"},"eventTime":"2026-11-24T10:00:00.000000Z","type":"Normal",)"
        R"("reportingController":"ebb.dev/agent","reportingInstance":"executor-0","action":"Drain","reason":"State",)"
        R"("note":"n","regarding":{"kind":"Pod","namespace":"dremio","name":"executor-0"}})";
    if (const auto at = text.find(change_from); !change_from.empty()) text.replace(at, change_from.size(), change_to);
    return text;
  };
  CHECK(s.ask("POST", event_path, event(R"("type":"Normal")", R"("type":"Loud")")).status == 422);
  CHECK(s.ask("POST", event_path, event(R"("action":"Drain",)", "")).status == 422);
  CHECK(s.ask("POST", event_path, event(R"("note":"n")", R"("note":")" + std::string(1025, 'n') + "\"")).status == 422);
  CHECK(s.ask("POST", event_path, event("000000Z", "000Z")).status == 400);
  CHECK(s.ask("POST", event_path, event(R"("namespace":"dremio")", R"("namespace":"other")")).status == 422);
  CHECK(s.ask("POST", event_path, event("executor-0.1a", "Executor_0")).status == 422);
  CHECK(s.ask("POST", event_path, event("", "")).status == 201);
  auto lease = lease_body("l");
  lease.replace(lease.find(":5,"), 3, ":0,");
  CHECK(s.ask("POST", lease_path, lease).status == 422);
  CHECK(s.ask("POST", lease_path, R"({"metadata":{"name":"l","labels":{"a":"-b"}}})").status == 422);
  CHECK(s.ask("POST", lease_path, "[]").status == 400);
}

TEST_CASE("the API model deletes with a grace that only shrinks and never lies before now") {
  server s;
  const auto deadline = [&] { return text_at(s.pod(), {"metadata", "deletionTimestamp"}); };
  const auto grace = [&] { return number_at(s.pod(), {"metadata", "deletionGracePeriodSeconds"}); };
  s.model.delete_pod("dremio", "executor-0", 30);
  const auto first = s.after(30s);
  CHECK((deadline() == first && grace() == 30));
  s.pass(10s);
  s.model.delete_pod("dremio", "executor-0", 60);
  s.model.delete_pod("dremio", "executor-0", 30);
  s.model.delete_pod("dremio", "executor-0");
  CHECK((deadline() == first && grace() == 30));
  s.model.delete_pod("dremio", "executor-0", 20);
  CHECK((deadline() == s.after(10s) && grace() == 20));  // counted from the first
  s.model.delete_pod("dremio", "executor-0", 5);
  CHECK((deadline() == s.after(0s) && grace() == 1));  // in whole seconds, so a little in the past
  auto w = s.watch("resourceVersion=" + s.revision());
  s.model.delete_pod("dremio", "executor-0", 0);
  CHECK(s.model.store().find(resource::pods, "dremio", "executor-0") == nullptr);
  const auto last = w->next(), gone = w->next();
  REQUIRE(gone);
  CHECK((type_of(*last) == "MODIFIED" && type_of(*gone) == "DELETED"));
  CHECK(number_at(object_of_frame(*last), {"object", "metadata", "deletionGracePeriodSeconds"}) == 0);
}

TEST_CASE("the API model takes the pod's own grace, and none at all for a pod without a node or one that has ended") {
  server s;
  s.model.delete_pod("dremio", "executor-0");
  CHECK(number_at(s.pod(), {"metadata", "deletionGracePeriodSeconds"}) == 600);
  s.model.create(resource::pods, pod_object({.name = "unbound", .node = ""}));
  s.model.delete_pod("dremio", "unbound", 30);
  CHECK(s.model.store().find(resource::pods, "dremio", "unbound") == nullptr);
  auto ended = pod_object({.name = "ended"});
  object_at(ended, "status")["phase"] = "Succeeded";
  s.model.create(resource::pods, ended);
  s.model.delete_pod("dremio", "ended", 30);
  CHECK(s.model.store().find(resource::pods, "dremio", "ended") == nullptr);
  s.add(1);
  s.model.delete_pod("dremio", "executor-1", -5);
  CHECK(number_at(s.model.store().find(resource::pods, "dremio", "executor-1")->value(),
                  {"metadata", "deletionGracePeriodSeconds"}) == 1);
}

TEST_CASE(
    "a bound token of the API model is good until 60 s after the pod's deadline, and 10 s more where it is cached") {
  server s;
  s.model.delete_pod("dremio", "executor-0", 30);
  s.pass(30s + 59s);
  CHECK(s.ask("GET", pod_path).status == 200);
  s.pass(9s);
  CHECK(s.ask("GET", pod_path).status == 200);  // as the last check found it
  s.pass(2s);
  auto late = s.ask("GET", pod_path);
  CHECK((late.status == 401 && late.reason() == "Unauthorized"));
}

TEST_CASE("a bound token of the API model ends with its pod, whoever has the name now") {
  server s;
  CHECK(s.ask("GET", pod_path).status == 200);
  s.model.delete_pod("dremio", "executor-0", 0);
  CHECK(s.ask("GET", pod_path).status == 404);
  s.pass(11s);
  CHECK(s.ask("GET", pod_path).status == 401);
  const auto old = s.token;
  s.add(0);
  CHECK(s.ask("GET", pod_path).status == 200);
  s.token = old;
  CHECK(s.ask("GET", pod_path).status == 401);
  s.token = "token-77.executor-0";
  CHECK(s.ask("GET", pod_path).status == 401);
}

TEST_CASE("the API model grants what was allowed, refuses the rest with 403, and records both") {
  server s;
  CHECK(s.ask("GET", pod_path).status == 200);
  auto no = s.ask("DELETE", pod_path);
  CHECK((no.status == 403 && no.reason() == "Forbidden"));
  CHECK(s.ask("PATCH", std::string(pod_path) + "/status", "{}").status == 403);
  CHECK(s.ask("GET", "/api/v1/namespaces/dremio/secrets").status == 403);
  CHECK(s.ask("DELETE", std::string(lease_path) + "/m").status == 403);
  CHECK(s.ask("GET", "/api/v1/nodes").status == 200);
  s.model.access().deny("list", resource::nodes);
  CHECK(s.ask("GET", "/api/v1/nodes").status == 403);
  CHECK(s.model.access().refused() == std::vector<std::string>{"pods delete executor-0", "pods/status patch executor-0",
                                                               "secrets list ", "leases.coordination.k8s.io delete m",
                                                               "nodes list "});
  const auto& first = s.model.access().records().front();
  CHECK((first.agent == "executor-0" && first.verb == "get" && first.resource == resource::pods &&
         first.name == "executor-0"));
}

TEST_CASE("a watch of the API model tells what came after its revision, and only of what it selects") {
  server s;
  const auto from = s.revision();
  s.add(1);
  s.model.change(resource::pods, "dremio", "executor-0", [](api_object& o) { object_at(o, "metadata")["x"] = 1; });
  auto w = s.watch("fieldSelector=metadata.name%3Dexecutor-0&resourceVersion=" + from);
  const auto one = w->next();
  REQUIRE(one);
  CHECK(type_of(*one) == "MODIFIED");
  CHECK(one->back() == '\n');
  CHECK_FALSE(w->next());
  s.add(2);
  s.model.create(resource::leases, {{"metadata", {{"name", "l"}, {"namespace", "dremio"}}}});
  CHECK_FALSE(w->next());
  const auto pod = s.pod();
  s.model.remove(resource::pods, "dremio", "executor-0");
  const auto gone = w->next();
  REQUIRE(gone);
  CHECK(type_of(*gone) == "DELETED");
  CHECK(text_at(object_of_frame(*gone), {"object", "metadata", "resourceVersion"}) == s.revision());
}

TEST_CASE("an object that begins or ceases to match is added to a watch of the API model, or deleted from it") {
  server s;
  auto w = s.watch("labelSelector=tier%3Dhot&resourceVersion=" + s.revision());
  const auto label = [&](const char* tier) {
    s.model.change(resource::pods, "dremio", "executor-0",
                   [&](api_object& o) { object_at(object_at(o, "metadata"), "labels")["tier"] = tier; });
    return type_of(w->next().value_or("{}"));
  };
  CHECK(label("hot") == "ADDED");
  CHECK(label("hot") == "MODIFIED");
  CHECK(label("cold") == "DELETED");
  CHECK(label("cold").empty());
}

TEST_CASE("a watch of the API model that is too old, too new or from nowhere gets an ERROR in the stream") {
  server s;
  const auto old = s.revision();
  for (int i = 1; i < 150; ++i) s.add(i);
  CHECK(type_of(s.watch("resourceVersion=" + old)->next().value_or("{}")) == "ADDED");  // all of it is recent
  s.pass(76s);
  s.add(200);
  const auto error = [&](const std::string& query) {
    auto w = s.watch(query);
    const auto frame = object_of_frame(w->next().value());
    CHECK((text_at(frame, {"type"}) == "ERROR" && w->failed()));
    return number_at(frame, {"object", "code"});
  };
  CHECK(error("resourceVersion=" + old) == 410);
  CHECK(error("resourceVersion=" + std::to_string(s.model.store().revision() + 5)) == 504);
  CHECK(error("resourceVersion=0") == 500);
  CHECK(error("a=b") == 500);
  CHECK(s.watch("resourceVersion=" + s.revision())->next() == std::nullopt);
  CHECK(s.ask("GET", "/api/v1/namespaces/dremio/pods?watch=true&resourceVersion=x").status == 400);
  CHECK(s.ask("GET", std::string(pod_path) + "?watch=true&resourceVersion=1").watch == nullptr);  // that is a get
}

TEST_CASE("a bookmark of the API model comes only when it was asked for and something has moved") {
  server s;
  const auto from = "resourceVersion=" + s.revision();
  auto deaf = s.watch(from + "&fieldSelector=metadata.name%3Dexecutor-0");
  auto w = s.watch(from + "&fieldSelector=metadata.name%3Dexecutor-0&allowWatchBookmarks=true");
  CHECK_FALSE(w->bookmark(s.model.store().revision_of(resource::pods)));
  s.add(1);
  CHECK_FALSE(deaf->bookmark(s.model.store().revision_of(resource::pods)));
  const auto b = w->bookmark(s.model.store().revision_of(resource::pods));
  REQUIRE(b);
  CHECK(type_of(*b) == "BOOKMARK");
  CHECK(text_at(object_of_frame(*b), {"object", "metadata", "resourceVersion"}) == s.revision());
  CHECK_FALSE(w->bookmark(s.model.store().revision_of(resource::pods)));
}

TEST_CASE("leases whose owner is gone are collected by the API model, others stay") {
  server s;
  const auto lease = [&](const char* name, std::string uid) {
    s.model.create(resource::leases,
                   {{"metadata",
                     {{"name", name},
                      {"namespace", "dremio"},
                      {"ownerReferences",
                       boost::json::array{api_object{{"kind", "Pod"}, {"name", "executor-0"}, {"uid", uid}}}}}}});
  };
  lease("own", text_at(s.pod(), {"metadata", "uid"}));
  lease("predecessor", "another-uid");
  s.model.create(resource::leases, {{"metadata", {{"name", "mutex"}, {"namespace", "dremio"}}}});
  s.model.collect_garbage();
  const auto there = [&](const char* name) {
    return s.model.store().find(resource::leases, "dremio", name) != nullptr;
  };
  CHECK((there("own") && there("mutex") && !there("predecessor")));
}

}  // namespace ebb::sim
