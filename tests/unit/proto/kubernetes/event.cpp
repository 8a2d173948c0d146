#include "proto/kubernetes/event.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using namespace std::chrono_literals;
using ebb::test::kubernetes_object;

namespace {

const std::chrono::sys_time<std::chrono::nanoseconds> at(0x18ee0e4e9b4ca900ns);

event example() {
  event e;
  e.name = event_name("dremio-executor-3", at);
  e.name_space = "analytics";
  e.time = *parse_micro_time("2026-11-24T10:56:09.123456Z");
  e.type = event_type::warning;
  e.controller = "ebb.dev/agent";
  e.instance = "dremio-executor-3";
  e.action = "Drain";
  e.reason = "Draining";
  e.note = "denied by t+2 s, stop at t+598 s";
  e.regarding = {"v1", "Pod", "dremio-executor-3", "7b0c6c1e-2f6b-4f0e-9d57-0c1b6a3c9f10"};
  return e;
}

std::string field(const std::string& body, const std::string& key) {
  const std::size_t begin = body.find("\"" + key + "\":\"") + key.size() + 4;
  return body.substr(begin, body.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("an event is written as the server wants it") {
  CHECK(write_event(example()) == kubernetes_object("event-written.json"));
}

TEST_CASE("an event's texts are cut at a character's end to what the server takes") {
  event e = example();
  for (std::string* text : {&e.note, &e.reason, &e.action, &e.instance}) {
    text->clear();
    for (int i = 0; i < 600; ++i) *text += "\xc3\xa4";
  }
  e.note.insert(0, "x");
  const std::string body = write_event(e);
  CHECK(field(body, "note").size() == 1024);
  CHECK_THAT(field(body, "note"), Catch::StartsWith("x\xc3\xa4") && Catch::EndsWith("\xc3\xa4..."));
  for (const char* key : {"reason", "action", "reportingInstance"}) {
    CAPTURE(key);
    CHECK(field(body, key).size() == 127);  // 62 characters of two bytes, and the three of "..."
  }
}

TEST_CASE("an event's name is a subdomain, whatever the object is called") {
  const std::string suffix = ".18ee0e4e9b4ca900";
  CHECK(event_name("dremio-executor-3", at) == "dremio-executor-3" + suffix);
  CHECK(event_name("a.b", at) == "a.b" + suffix);
  CHECK(event_name("Dremio_Executor", at) == "dremio-executor" + suffix);
  CHECK(event_name("-a-.-.b-.", at) == "a.b" + suffix);
  CHECK(event_name("", at) == "x" + suffix);
  CHECK(event_name("\xc3\xa4", at) == "x" + suffix);
  const std::string longest = event_name(std::string(300, 'a'), at);
  CHECK(longest.size() == subdomain_limit);
  CHECK_THAT(event_name(std::string(235, 'a') + "-b", at), Catch::EndsWith("aa" + suffix));
}
