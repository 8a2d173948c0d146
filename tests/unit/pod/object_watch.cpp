// How one object is watched, whatever it is: shown with the pod.
#include "tests/unit/pod/fixture.hpp"

namespace ebb::pod {
namespace {

struct watching : fixture {
  watching() {
    loop.spawn(pods.run());
    loop.poll();
  }
  // Lists, and opens the watch on connection 1.
  void watch() {
    answer(0, list_json(pod_json()));
    begin_stream(1);
  }
};

TEST_CASE("a watch begins where a list ended, over a connection of its own, and never without a version", "[pod]") {
  watching f;
  const auto list = f.asked(0);
  CHECK_THAT(list,
             ContainsSubstring("GET /api/v1/namespaces/dremio/pods?fieldSelector=metadata.name%3Dexecutor-3 HTTP/1.1"));
  CHECK_THAT(list, ContainsSubstring("Authorization: Bearer first\r\n"));
  CHECK_THAT(list, ContainsSubstring("Accept: application/json\r\n"));
  f.answer(0, list_json(pod_json()));
  REQUIRE(f.net.servers.size() == 2);
  CHECK_THAT(f.asked(1), ContainsSubstring("pods?fieldSelector=metadata.name%3Dexecutor-3&watch=true&"
                                           "allowWatchBookmarks=true&resourceVersion=100&timeoutSeconds=300 "));
}

TEST_CASE("a list without a version is no place to begin", "[pod]") {
  watching f;
  f.answer(0, R"({"kind":"PodList","metadata":{},"items":[]})");
  CHECK(f.net.servers.size() == 1);
  CHECK_THAT(f.node.pod.error, ContainsSubstring("metadata.resourceVersion: is missing"));
  f.loop.advance(1s);
  CHECK_THAT(f.asked(0), ContainsSubstring("GET "));
}

TEST_CASE("events in pieces, and several in one, are the same", "[pod]") {
  watching f;
  f.watch();
  const auto event = event_json("MODIFIED", pod_json(deleted_in_23s));
  SECTION("in pieces") {
    for (char c : event) f.chunk(1, {&c, 1});
  }
  SECTION("several in one") {
    f.chunk(1, event_json("MODIFIED", pod_json()) + event_json("BOOKMARK", pod_json()) + event);
  }
  CHECK(f.node.life.causes == core::cause_set{core::cause::deletion});
}

TEST_CASE("an orderly end and a broken one go on from the last event", "[pod]") {
  watching f;
  f.watch();
  f.chunk(1, event_json("BOOKMARK", R"({"kind":"Pod","metadata":{"resourceVersion":"150"}})"));
  f.loop.advance(2s);
  SECTION("orderly: at once") { f.end_stream(1); }
  SECTION("broken: after a pause") {
    f.net.servers[1].reset();
    f.loop.poll();
    CHECK(f.net.servers.size() == 2);
    f.loop.advance(800ms);
  }
  REQUIRE(f.net.servers.size() == 3);
  CHECK_THAT(f.asked(2), ContainsSubstring("resourceVersion=150&"));
}

TEST_CASE("a version that is too old as often as it is listed is no loop", "[pod]") {
  watching f;
  f.answer(0, list_json(pod_json()));
  f.asked(0);
  f.answer(1, R"({"kind":"Status","code":410})", "410 Gone");
  CHECK_THAT(f.asked(0), ContainsSubstring("GET "));  // at once
  f.answer(0, list_json(pod_json()));
  f.answer(2, R"({"kind":"Status","code":410})", "410 Gone");
  f.loop.advance(799ms);
  CHECK(f.asked(0).empty());
  f.loop.advance(1ms);
  CHECK_THAT(f.asked(0), ContainsSubstring("GET "));
}

TEST_CASE("a watch that ends at once is no loop", "[pod]") {
  watching f;
  f.watch();
  f.chunk(1, event_json("MODIFIED", pod_json()));
  f.end_stream(1);
  f.asked(0);
  f.loop.advance(799ms);
  CHECK(f.net.servers.size() == 2);
  CHECK(f.asked(0).empty());
  f.loop.advance(1ms);
  CHECK_THAT(f.asked(0), ContainsSubstring("GET "));  // a list: such a watch may never tell anything
}

TEST_CASE("a token that a server repeats is nowhere to be read", "[pod]") {
  watching f;
  f.asked(0);
  f.answer(0, R"({"kind":"Status","code":403,"message":"you sent Bearer first, first"})", "403 Forbidden");
  CHECK_THAT(f.node.pod.error, ContainsSubstring("you sent Bearer ***, ***"));
  CHECK(f.server.stats().error.find("first") == std::string::npos);
  CHECK(f.log_text.text.find("first") == std::string::npos);
}

TEST_CASE("a version that is too old is listed anew", "[pod]") {
  watching f;
  SECTION("in the stream") {
    f.watch();
    f.loop.advance(2s);
    f.asked(0);
    f.chunk(1, event_json("ERROR", R"({"kind":"Status","code":410,"reason":"Expired","message":"too old"})"));
    CHECK_THAT(f.asked(0), ContainsSubstring("GET /api/v1/namespaces/dremio/pods?fieldSelector"));
  }
  SECTION("as an answer") {
    f.answer(0, list_json(pod_json()));
    f.asked(0);
    f.answer(1, R"({"kind":"Status","code":410,"reason":"Gone"})", "410 Gone");
    CHECK_THAT(f.asked(0), ContainsSubstring("GET /api/v1/namespaces/dremio/pods?fieldSelector"));
  }
}

TEST_CASE("a version that is too new waits a second for the server's cache, and is listed anew", "[pod]") {
  watching f;
  f.watch();
  f.loop.advance(2s);
  f.asked(0);
  f.chunk(1, event_json("ERROR", R"({"kind":"Status","code":504,"reason":"Timeout","message":"Too large",)"
                                 R"("details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}})"));
  f.loop.advance(999ms);
  CHECK(f.asked(0).empty());
  f.loop.advance(1ms);
  CHECK_THAT(f.asked(0), ContainsSubstring("GET "));
}

TEST_CASE("overload is waited out as long as the server asks, and the version stays", "[pod]") {
  watching f;
  f.answer(0, list_json(pod_json()));
  f.answer(1, "Too many requests, please try again later.\n", "429 Too Many Requests", "Retry-After: 7\r\n");
  CHECK_THAT(f.node.pod.error, ContainsSubstring("HTTP 429: Too many requests"));
  f.loop.advance(6999ms);
  CHECK(f.net.servers.size() == 2);
  f.loop.advance(1ms);
  REQUIRE(f.net.servers.size() == 3);
  CHECK_THAT(f.asked(2), ContainsSubstring("resourceVersion=100&"));
}

TEST_CASE("what one stream asked to wait is not waited after the next", "[pod]") {
  watching f;
  f.watch();
  f.loop.advance(2s);
  f.asked(0);
  f.chunk(1, event_json("ERROR", R"({"kind":"Status","code":429,"details":{"retryAfterSeconds":20}})"));
  f.loop.advance(20s);
  REQUIRE(f.net.servers.size() == 3);
  f.begin_stream(2);
  f.end_stream(2);
  f.loop.advance(5s);
  CHECK_THAT(f.asked(0), ContainsSubstring("GET "));
}

TEST_CASE("a missing right is named with its mend, and asked for once a minute", "[pod]") {
  watching f;
  f.asked(0);
  f.answer(0, R"({"kind":"Status","code":403,"reason":"Forbidden","message":"pods is forbidden"})", "403 Forbidden");
  CHECK(f.node.pod.error == "HTTP 403: pods is forbidden; give the service account this right, see deploy/rbac.yaml");
  f.loop.advance(59s);
  CHECK(f.asked(0).empty());
  f.loop.advance(1s);
  CHECK((f.net.servers.size() > 1 || !f.asked(0).empty()));
}

TEST_CASE("a token that was replaced is used at once: by the next request, and by the one that was refused", "[pod]") {
  watching f;
  f.asked(0);
  f.files.token = "second";
  f.answer(0, R"({"kind":"Status","code":401,"reason":"Unauthorized"})", "401 Unauthorized");
  CHECK_THAT(f.asked(0), ContainsSubstring("Authorization: Bearer second\r\n"));
  f.files.token = "third";
  f.answer(0, list_json(pod_json()));
  CHECK_THAT(f.asked(1), ContainsSubstring("Authorization: Bearer third\r\n"));
}

TEST_CASE("silence is borne as long as the watch was asked to last, and a little longer", "[pod]") {
  watching f;
  f.watch();
  f.loop.advance(329s);
  CHECK(f.net.servers.size() == 2);
  f.loop.advance(3s);
  CHECK(f.net.servers.size() == 3);
}

TEST_CASE("rubbish and frames without end are told, and listed anew", "[pod]") {
  watching f;
  f.watch();
  f.loop.advance(2s);
  f.asked(0);
  SECTION("rubbish") { f.chunk(1, "{\"type\":\"MODIFIED\"}\n"); }
  SECTION("an unknown type") { f.chunk(1, event_json("MOVED", pod_json())); }
  SECTION("5 MiB") {
    for (int i = 0; i < 5 * 16; ++i) f.chunk(1, std::string(64 * 1024, 'x'));
  }
  CHECK(!f.node.pod.error.empty());
  CHECK(f.node.life.causes.empty());
  f.loop.advance(800ms);
  CHECK_THAT(f.asked(0), ContainsSubstring("GET "));
}

}  // namespace
}  // namespace ebb::pod
