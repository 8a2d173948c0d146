// What is learned of the own pod.
#include "tests/unit/pod/fixture.hpp"

namespace ebb::pod {
namespace {

using core::cause;
using core::cause_set;

struct watched : fixture {
  watched() {
    loop.spawn(pods.run());
    loop.spawn(pods.look_when_asked());
    loop.poll();
    answer(0, list_json(pod_json()));
    begin_stream(1);
    asked(0);
  }
  void event(std::string_view type, std::string_view object) { chunk(1, event_json(type, object)); }
};

TEST_CASE("a deletion is a cause, and its moment is the deadline", "[pod]") {
  watched f;
  CHECK(f.node.life.pod.grace == 600s);
  f.event("MODIFIED", pod_json(deleted_in_23s));
  CHECK(f.node.life.causes == cause_set{cause::deletion});
  CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 23s);
  CHECK(f.node.life.first_irrevocable == f.loop.clock.now());
  CHECK(core::plan_drain(drain::plan_facts_of(f.node)).deadline == f.loop.clock.now() + 21s);

  SECTION("the same again is no news") {
    f.loop.advance(3s);
    f.event("MODIFIED", pod_json(deleted_in_23s));
    CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 20s);
    CHECK(f.node.life.pod.kill_learned == f.loop.clock.now() - 3s);
  }
  SECTION("a shorter one brings it nearer, a later one does nothing") {
    f.loop.advance(3s);
    f.event("MODIFIED", deleted_pod("08:49:45", 8));
    CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 5s);
    f.event("MODIFIED", pod_json(deleted_in_23s));
    CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 5s);
  }
}

TEST_CASE("a clock that cannot be right costs nothing: the whole grace counts from now", "[pod]") {
  watched f;
  f.event("MODIFIED", pod_json(R"(,"deletionTimestamp":"2004-11-06T08:50:00Z","deletionGracePeriodSeconds":30)"));
  CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 30s);
  CHECK_THAT(f.log_text.text, ContainsSubstring("not believed"));
}

TEST_CASE("a deletion that looks old or young is looked at again, and has its whole grace until then", "[pod]") {
  // Of 30 s it is 40 s younger, or 60 s old, by the clock as it was when the watch began.
  for (const auto* odd : {"08:50:47", "08:49:07"}) {
    CAPTURE(odd);
    watched f;
    f.loop.advance(6s);  // the clock was read before that
    f.event("MODIFIED", deleted_pod(odd, 30));
    CHECK(f.node.life.causes == cause_set{cause::deletion});
    CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 30s);
    REQUIRE_THAT(f.asked(0), ContainsSubstring("GET /api/v1/namespaces/dremio/pods/executor-3 "));
    f.event("MODIFIED", deleted_pod(odd, 30));  // still doubted
    f.answer(0, deleted_pod("08:49:57", 30));
    CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 20s);
    CHECK(f.asked(0).empty());
  }
}

TEST_CASE("a deletion that is told late is believed where the clock has just been read", "[pod]") {
  watched f;
  f.event("MODIFIED", deleted_pod("08:49:47", 60));
  CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 10s);
  CHECK(f.asked(0).empty());
}

TEST_CASE("the grace of a doubted deletion began when the container was told to end, at the latest", "[pod]") {
  watched f;
  f.loop.advance(10s);
  f.node.first_stop_signal = f.loop.clock.now() - 9s;
  f.event("MODIFIED", deleted_pod("08:50:07", 60));
  CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 51s);
  CHECK_FALSE(f.asked(0).empty());
}

TEST_CASE("a doubted deletion is looked at once, whatever the look tells", "[pod]") {
  watched f;
  f.loop.advance(6s);
  f.event("MODIFIED", deleted_pod("08:49:07", 30));
  REQUIRE_FALSE(f.asked(0).empty());
  SECTION("not deleted") { f.answer(0, pod_json()); }
  SECTION("another pod of this name") { f.answer(0, pod_json("", "u-2")); }
  SECTION("gone") { f.answer(0, "{}", "404 Not Found"); }
  f.loop.advance(1900ms);
  CHECK(f.asked(0).empty());
}

TEST_CASE("what is told of another pod is no word about ours", "[pod]") {
  for (const auto* type : {"MODIFIED", "DELETED"})
    for (const auto& [own, other] : {std::pair{"executor-3", "executor-33"}, std::pair{"dremio", "elsewhere"}}) {
      CAPTURE(type, other);
      watched f;
      auto object = pod_json(deleted_in_23s);
      const auto quoted = "\"" + std::string(own) + "\"";
      object.replace(object.find(quoted), quoted.size(), "\"" + std::string(other) + "\"");
      f.event(type, object);
      CHECK(f.node.life.causes.empty());
      CHECK_THAT(f.node.pod.error, ContainsSubstring("metadata.name") && ContainsSubstring(other));
      f.loop.advance(2s);
      CHECK_THAT(f.asked(0), ContainsSubstring("GET "));  // listed anew
    }
}

TEST_CASE("an earlier pod of our name that is removed late is not ours", "[pod]") {
  watched f;
  f.event("DELETED", pod_json("", "u-0"));
  CHECK(f.node.life.causes.empty());
}

TEST_CASE("a sidecar says once that nothing holds SIGTERM back from the executor", "[pod]") {
  const auto pod = [](std::string_view hook) {
    auto json = pod_json();
    const auto spec = json.find(R"("spec":{)") + 8;
    return json.insert(spec, R"("containers":[{"name":"dremio-executor"},{"name":"x","lifecycle":{"preStop":)" +
                                 std::string(hook) + "}}],");
  };
  struct row {
    const char* hook;
    bool sidecar, said;
  };
  for (const auto& r : {row{R"({"sleep":{"seconds":5}})", true, true}, row{"null", true, true},
                        row{"null", false, false}, row{R"({"httpGet":{"path":"/drain/wait"}})", true, false},
                        row{R"({"exec":{"command":["ebb","hook"]}})", true, false}}) {
    CAPTURE(r.hook, r.sidecar);
    fixture f;
    f.node.sidecar = r.sidecar;
    f.loop.spawn(f.pods.run());
    f.loop.poll();
    f.answer(0, list_json(pod(r.hook)));
    f.begin_stream(1);
    CHECK((f.log_text.text.find("event=pod.no_hook") != std::string::npos) == r.said);
    f.log_text.text.clear();
    f.chunk(1, event_json("MODIFIED", pod(r.hook)));
    CHECK(f.log_text.text.find("event=pod.no_hook") == std::string::npos);
  }
}

TEST_CASE("a pod that is not ours any more is left alone", "[pod]") {
  watched f;
  SECTION("deleted") { f.event("DELETED", pod_json()); }
  SECTION("another uid under its name") { f.event("ADDED", pod_json("", "u-2")); }
  CHECK(f.node.life.causes == cause_set{cause::disappeared});
  CHECK_FALSE(f.node.life.causes.stops_executor());
}

TEST_CASE("a pod that is there after all has not disappeared", "[pod]") {
  watched f;
  f.event("DELETED", pod_json());
  REQUIRE(f.node.life.causes == cause_set{cause::disappeared});
  f.event("ADDED", pod_json());
  CHECK(f.node.life.causes.empty());
}

TEST_CASE("a deletion without its grace is believed as far as the pod's own", "[pod]") {
  watched f;
  f.event("MODIFIED", pod_json(R"(,"deletionTimestamp":"1994-11-06T08:59:35Z")"));
  CHECK(f.node.life.pod.kill_at == f.loop.clock.now() + 598s);
}

TEST_CASE("told to end in a pod that is gone, the executor has 2 s", "[pod]") {
  watched f;
  f.event("DELETED", pod_json());
  f.node.first_stop_signal = f.loop.clock.now();
  f.journal.join(cause::sigterm, "told", f.loop.clock.now());
  const auto plan = core::plan_drain(drain::plan_facts_of(f.node));
  CHECK(plan.stop_at == f.loop.clock.now());
  CHECK(plan.deadline == f.loop.clock.now() + 2s);
}

TEST_CASE("one absence is not believed, two that are 2 s apart are", "[pod]") {
  fixture f;
  f.loop.spawn(f.pods.run());
  f.loop.spawn(f.pods.look_when_asked());
  f.loop.poll();
  f.answer(0, list_json(""));
  f.begin_stream(1);
  f.asked(0);
  CHECK(f.node.life.causes.empty());
  f.loop.advance(1999ms);
  CHECK(f.asked(0).empty());
  f.loop.advance(1ms);
  CHECK_THAT(f.asked(0), ContainsSubstring("GET /api/v1/namespaces/dremio/pods/executor-3 "));
  SECTION("still absent") {
    f.answer(0, R"({"kind":"Status","code":404,"reason":"NotFound"})", "404 Not Found");
    CHECK(f.node.life.causes == cause_set{cause::disappeared});
  }
  SECTION("there after all") {
    f.answer(0, pod_json());
    f.loop.advance(10s);
    CHECK(f.node.life.causes.empty());
    CHECK(f.asked(0).empty());
  }
}

TEST_CASE("a pod that was never seen, under a name that may be wrong, has not disappeared", "[pod]") {
  fixture f;
  f.node.settings.pod.uid.clear();
  f.node.pod.uid.clear();
  f.loop.spawn(f.pods.run());
  f.loop.spawn(f.pods.look_when_asked());
  f.loop.poll();
  f.answer(0, list_json(""));
  f.begin_stream(1);
  f.loop.advance(10s);
  CHECK(f.node.life.causes.empty());
  CHECK_THAT(f.node.pod.error, ContainsSubstring("set POD_NAME"));
}

TEST_CASE("the annotation asks for a drain, and its removal withdraws it", "[pod]") {
  watched f;
  f.event("MODIFIED", pod_json(R"(,"annotations":{"ebb.dev/drain":"true"})"));
  CHECK(f.node.life.causes == cause_set{cause::annotation});
  CHECK_FALSE(f.node.life.first_irrevocable);
  f.event("MODIFIED", pod_json(R"(,"annotations":{"ebb.dev/drain":"false"})"));
  CHECK(f.node.life.causes.empty());
}

TEST_CASE("an announced disruption is told and is no cause", "[pod]") {
  watched f;
  auto pod = pod_json();
  pod.replace(pod.find(R"("phase")"), 0,
              R"("conditions":[{"type":"DisruptionTarget","status":"True","reason":"EvictionByEvictionAPI"}],)");
  f.event("MODIFIED", pod);
  CHECK(f.node.pod.disruption == "EvictionByEvictionAPI");
  CHECK(f.node.life.causes.empty());
}

TEST_CASE("a container that is told to end asks for its pod at once", "[pod]") {
  watched f;
  f.journal.join(cause::sigterm, "told", f.loop.clock.now());
  f.loop.poll();
  CHECK_THAT(f.asked(0), ContainsSubstring("GET /api/v1/namespaces/dremio/pods/executor-3 "));
  const auto plan = [&f] { return core::plan_drain(drain::plan_facts_of(f.node)); };
  CHECK(core::name(plan().source) == "configured");
  f.node.life.grace = 720s;  // as the drain has planned with meanwhile

  SECTION("deleted: that is the deadline, even a later one") {
    f.node.life.grace = 10s;
    f.answer(0, pod_json(deleted_in_23s));
    CHECK(f.node.life.causes == cause_set{cause::sigterm, cause::deletion});
    CHECK(plan().deadline == *f.node.life.first_irrevocable + 21s);
  }
  SECTION("not deleted: the short grace") {
    f.answer(0, pod_json());
    CHECK(core::name(plan().source) == "short");
    CHECK(plan().deadline == *f.node.life.first_irrevocable + 13s);
    f.loop.advance(60s);
    CHECK(f.asked(0).empty());  // answered
  }
  SECTION("no answer: asked again, and an answer that comes after the short grace does not shorten it") {
    f.loop.advance(14s);
    f.answer(0, "", "503 Service Unavailable");
    f.loop.advance(14s);
    REQUIRE(!f.net.servers.empty());
    const auto last = f.net.servers.size() - 1;
    f.answer(last, pod_json());
    CHECK(core::name(plan().source) == "configured");
  }
}

TEST_CASE("a SIGTERM after a hook that was answered is asked for anew", "[pod]") {
  watched f;
  f.journal.join(cause::hook, "hook", f.loop.clock.now());
  f.loop.poll();
  CHECK(!f.asked(0).empty());
  f.answer(0, pod_json());
  CHECK_FALSE(f.node.life.pod.not_deleted);
  f.journal.join(cause::sigterm, "told", f.loop.clock.now());
  f.loop.poll();
  CHECK(!f.asked(0).empty());
}

}  // namespace
}  // namespace ebb::pod
