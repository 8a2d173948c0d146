#pragma once
// The watches of an agent, with the API server played by hand: short calls come over the first connection, each watch
// over one of its own.
#include "agent/pod/node_watch.hpp"
#include "agent/pod/pod_watch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::pod {

using namespace std::chrono_literals;

struct kept_files final : rt::file_store {
  rt::result<std::string> read(const std::string& path, std::size_t) override {
    if (path.ends_with("/token")) return token;
    return make_error_code(boost::system::errc::no_such_file_or_directory);
  }
  rt::result<std::uint64_t> version(const std::string&) override { return 1; }
  rt::result<void> overwrite(const std::string&, std::string_view) override { return {}; }
  std::string token = "first";
};

struct fixed_random final : rt::random_source {
  std::uint64_t next() override { return 0; }
};

struct lines final : rt::log_sink {
  bool write(std::string_view line) override {
    text += line;
    return true;
  }
  std::string text;
};

struct mute_init final : rt::supervisor {
  rt::task<rt::result<pair::record>> receive() override { co_return rt::error_code(rt::asio::error::eof); }
  rt::result<void> send(const pair::record&) override { return {}; }
};

inline config::settings settings_of_pod() {
  config::settings s;
  s.kubernetes.url = "https://10.0.0.1:443";
  s.pod.name = "executor-3";
  s.pod.name_space = "dremio";
  s.pod.uid = "u-1";
  s.pod.node = "n1";
  s.drain.grace = 720s;
  return s;
}

struct fixture {
  test::loop loop;
  test::memory_network net{loop.io.get_executor()};
  kept_files files;
  fixed_random random;
  lines log_text;
  rt::logger log{log_text, loop.clock};
  mute_init init;
  drain::node node{loop.clock, loop.io.get_executor(), settings_of_pod()};
  std::vector<std::string> events;
  drain::journal journal{node, log, init, [this](drain::pod_event e) { events.emplace_back(e.reason); }};
  upstream::upstream server{net, loop.clock, random};
  upstream::api_server api{server, files};
  pod_watch pods{node, journal, api, random};
  node_watch nodes{node, journal, api, random};

  fixture() {
    api.configure(node.settings);
    node.pod.name = node.settings.pod.name;
    node.pod.uid = node.settings.pod.uid;
  }

  std::string asked(std::size_t connection) { return net.servers.at(connection).received(); }
  void answer(std::size_t connection, std::string_view body, std::string_view head = "200 OK",
              std::string_view headers = "") {
    net.servers.at(connection)
        .send("HTTP/1.1 " + std::string(head) + "\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n" + std::string(headers) +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
    loop.poll();
  }
  void begin_stream(std::size_t connection) {
    net.servers.at(connection)
        .send("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nTransfer-Encoding: chunked\r\n\r\n");
    loop.poll();
  }
  void chunk(std::size_t connection, std::string_view bytes) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    net.servers.at(connection).send(size + std::string(bytes) + "\r\n");
    loop.poll();
  }
  void end_stream(std::size_t connection) {
    net.servers.at(connection).send("0\r\n\r\n");
    loop.poll();
  }
};

inline std::string pod_json(std::string_view more = "", std::string_view uid = "u-1", int version = 7) {
  return R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"executor-3","namespace":"dremio","uid":")" +
         std::string(uid) + R"(","resourceVersion":")" + std::to_string(version) + R"(")" + std::string(more) +
         R"(},"spec":{"terminationGracePeriodSeconds":600},"status":{"phase":"Running"}})";
}
// Deleted so that it is killed at that time of the day, with that grace.
inline std::string deleted_pod(std::string_view at, int grace) {
  return pod_json(R"(,"deletionTimestamp":"1994-11-06T)" + std::string(at) + R"(Z","deletionGracePeriodSeconds":)" +
                  std::to_string(grace));
}
inline std::string list_json(std::string_view items, std::string_view kind = "PodList") {
  return R"({"kind":")" + std::string(kind) + R"(","apiVersion":"v1","metadata":{"resourceVersion":"100"},"items":[)" +
         std::string(items) + "]}";
}
inline std::string event_json(std::string_view type, std::string_view object) {
  return R"({"type":")" + std::string(type) + R"(","object":)" + std::string(object) + "}\n";
}
// The server's clock says 08:49:37 whenever it answers, and the test's 09:49:37 at first.
constexpr auto deleted_in_23s = R"(,"deletionTimestamp":"1994-11-06T08:50:00Z","deletionGracePeriodSeconds":23)";

}  // namespace ebb::pod
