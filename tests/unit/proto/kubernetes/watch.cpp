#include "proto/kubernetes/watch.hpp"

#include "proto/kubernetes/pod.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using namespace std::chrono_literals;
using ebb::test::kubernetes_object;

namespace {

// The lines of `stream` when it comes in pieces of that size.
std::vector<std::string> split(std::string_view stream, std::size_t piece) {
  watch_splitter splitter;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    for (std::string& line : *splitter.put(stream.substr(at, piece))) lines.push_back(std::move(line));
  }
  CHECK(splitter.at_end_of_line() == (stream.empty() || stream.ends_with('\n')));
  return lines;
}

}  // namespace

TEST_CASE("events are the same in whatever pieces they come") {
  const std::string stream = kubernetes_object("watch.jsonl");
  const std::vector<std::string> whole = split(stream, stream.size());
  REQUIRE(whole.size() == 5);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U, 4096U}) {
    CAPTURE(piece);
    CHECK(split(stream, piece) == whole);
  }
}

TEST_CASE("an event that was cut off is no event") {
  const std::string stream = kubernetes_object("watch.jsonl");
  CHECK(split(std::string_view(stream).substr(0, stream.size() - 1), 100).size() == 4);
  CHECK(split("\n\r\n  \n", 2).empty());
}

TEST_CASE("an event of up to 4 MiB is read; a longer one ends the stream") {
  watch_splitter splitter;
  const auto longest = splitter.put(std::string(watch_frame_limit, 'x') + "\n");
  REQUIRE(longest.has_value());
  CHECK(longest->size() == 1);
  REQUIRE(splitter.put(std::string(watch_frame_limit, 'x')).has_value());
  const auto beyond = splitter.put("x");
  REQUIRE(beyond.has_error());
  CHECK(beyond.error().what == "watch event: has more than 4194304 bytes, expected a line of at most that");
  CHECK(splitter.put("{}\n").has_error());
}

TEST_CASE("a whole watch: added, being deleted, bookmark, deleted, too old") {
  const std::vector<std::string> lines = split(kubernetes_object("watch.jsonl"), 4096);
  REQUIRE(lines.size() == 5);
  const auto added = parse_watch_event(lines[0]);
  REQUIRE(added.has_value());
  CHECK(added->type == watch_event_type::added);
  CHECK(added->resource_version == "4711");
  CHECK_FALSE(parse_pod(added->object)->meta.deletion_timestamp);

  const auto modified = parse_watch_event(lines[1]);
  REQUIRE(modified.has_value());
  CHECK(modified->type == watch_event_type::modified);
  CHECK(parse_pod(modified->object)->meta.deletion_grace == 720s);

  const auto bookmark = parse_watch_event(lines[2]);
  REQUIRE(bookmark.has_value());
  CHECK(bookmark->type == watch_event_type::bookmark);
  CHECK(bookmark->resource_version == "4799");

  const auto deleted = parse_watch_event(lines[3]);
  REQUIRE(deleted.has_value());
  CHECK(deleted->type == watch_event_type::deleted);
  CHECK(deleted->resource_version == "4800");

  const auto error = parse_watch_event(lines[4]);
  REQUIRE(error.has_value());
  CHECK(error->type == watch_event_type::error);
  CHECK(error->resource_version == "");
  CHECK(parse_status(error->object).code == 410);
  CHECK(parse_status(error->object).reason == "Expired");
}

TEST_CASE("an object comes out of an event as it went in") {
  const auto event = parse_watch_event(
      R"({"type":"ADDED","object":{"metadata":{"resourceVersion":"1","annotations":{"a":"\"\\\n\u2028\u003c"}},"n":[-1,9223372036854775807,null]}})");
  REQUIRE(event.has_value());
  CHECK(event->object == R"({"metadata":{"resourceVersion":"1","annotations":{"a":"\"\\\n)"
                         "\u2028"
                         R"(<"}},"n":[-1,9223372036854775807,null]})");
}

TEST_CASE("what is no event is an error that names the place") {
  const auto error = [](const char* line) {
    const auto event = parse_watch_event(line);
    return event ? "" : event.error().what;
  };
  CHECK(error(R"({"type":"GONE","object":{"metadata":{"resourceVersion":"1"}}})") ==
        R"(watch event: type is "GONE", expected ADDED, MODIFIED, DELETED, BOOKMARK or ERROR)");
  CHECK(error(R"({"type":"ADDED","object":null})") == "watch event: object is missing, expected an object");
  CHECK(error(R"({"type":"ERROR"})") == "watch event: object is missing, expected an object");
  CHECK(error(R"({"type":"BOOKMARK","object":{"metadata":{}}})") ==
        "watch event: object.metadata.resourceVersion is missing or empty, expected a string");
  CHECK_THAT(error("Too many requests"), Catch::Contains("is no JSON"));
}
