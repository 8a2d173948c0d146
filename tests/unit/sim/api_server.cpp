#include "tests/sim/fleet/api_server.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/json/parse.hpp>

#include "agent/http/client.hpp"
#include "agent/http/date.hpp"
#include "tests/sim/fleet/api_pods.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/scenario.hpp"
#include "tests/support/sim/wires.hpp"

namespace ebb::sim {
namespace {

struct heard {
  unsigned status = 0;
  http::header_list headers;
  std::string body;  // of a watch: what came until now
  std::size_t pieces = 0;
  error_code error;
  bool over = false;
  rt::time_point over_at{};
};

rt::task<> ask(host& h, http::request req, rt::duration limit, heard& into) {
  http::client c(h.net(), *http::parse_base_url(api_server::url), {});
  auto got = co_await c.exchange(std::move(req), rt::deadline::after(h.clock(), limit));
  into.over = true;
  into.over_at = h.home().now();
  into.error = got ? error_code() : got.error();
  if (!got) co_return;
  into.status = got->status;
  into.headers = got->headers;
  into.body = got->body;
}

rt::task<> listen(host& h, http::request req, rt::duration limit, heard& into) {
  http::client c(h.net(), *http::parse_base_url(api_server::url), {});
  const auto dl = rt::deadline::after(h.clock(), limit);
  auto stream = co_await c.open(std::move(req), dl);
  if (stream) into.status = (*stream)->status();
  while (stream) {
    auto piece = co_await (*stream)->next(dl);
    if (!piece) into.error = piece.error();
    if (!piece || piece->empty()) break;
    into.body += *piece;
    ++into.pieces;
  }
  if (!stream) into.error = stream.error();
  into.over = true;
  into.over_at = h.home().now();
}

struct scene {
  explicit scene(std::uint64_t seed = 1) : w(seed) {
    auto& m = api.model();
    m.access().allow_what_is_deployed(true);
    const auto pod = m.create(resource::pods, pod_object({.name = "executor-0"}));
    token = m.access().issue({"dremio", "executor-0", text_at(pod->value(), {"metadata", "uid"}), {}});
    w.run_for(1s);
  }
  http::request request(std::string target) {
    http::request r;
    r.target = std::move(target);
    r.headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}};
    return r;
  }
  heard get(std::string target = "/api/v1/namespaces/dremio/pods/executor-0", rt::duration limit = 30s) {
    heard h;
    client.spawn(ask(client, request(std::move(target)), limit, h));
    REQUIRE(w.run_while_not([&] { return h.over; }, limit + 1s));
    return h;
  }
  void watch(heard& into, std::string more = "&timeoutSeconds=300", rt::duration limit = 400s) {
    const auto from = std::to_string(api.model().store().revision());
    client.spawn(listen(client,
                        request("/api/v1/namespaces/dremio/pods?watch=true&fieldSelector=metadata.name%3Dexecutor-0"
                                "&resourceVersion=" +
                                from + more),
                        limit, into));
    w.run_for(100ms);
  }
  // A change of the pod, as an annotation has it.
  void touch(std::string text = "x") {
    api.model().change(resource::pods, "dremio", "executor-0",
                       [&](api_object& o) { object_at(object_at(o, "metadata"), "annotations")["note"] = text; });
    w.run_for(1s);
  }
  void fault(api_fault what, rt::duration lasts = 0s) {
    api_fault_rule rule;
    rule.what = what;
    rule.lasts = lasts;
    rule.retry_after = 7s;
    api.faults().add(rule);
  }

  world w;
  host& client = w.add_host("executor-0").boot();
  api_server api{w};
  std::string token;
};

std::size_t count(const std::string& in, std::string_view what) {
  std::size_t n = 0;
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a watch of the simulated API server is told each change at once and ends in order at its time") {
  scene s;
  heard h;
  s.watch(h);
  CHECK((h.status == 200 && h.body.empty()));
  const auto began = s.w.now();
  s.touch();
  s.touch();
  CHECK(count(h.body, R"({"type":"MODIFIED")") == 2);
  CHECK(count(h.body, "\n") == 2);
  REQUIRE(s.w.run_while_not([&] { return h.over; }, 400s));
  CHECK_FALSE(h.error);
  CHECK(h.over_at - began > 299s);
  CHECK(h.over_at - began < 301s);
}

TEST_CASE("frames of the simulated API server are split across pieces, and several come in one") {
  scene s;
  s.api.how() = {.split = 0.9, .merge = 0};
  heard split, merged;
  s.watch(split);
  s.touch();
  CHECK(count(split.body, "\n") == 1);
  CHECK(split.pieces > 2);
  s.api.how() = {.split = 0, .merge = 1};
  s.watch(merged);
  s.w.net().fragmentation = 0;
  for (int i = 0; i < 3; ++i) s.api.model().change(resource::pods, "dremio", "executor-0", [](api_object&) {});
  s.w.run_for(2s);
  CAPTURE(merged.body, merged.pieces);
  CHECK((merged.pieces < 3 && count(merged.body, "\n") == 3));
}

TEST_CASE("bookmarks of the simulated API server come each minute where something has moved, unless it has none") {
  const auto bookmarks = [](bool has_some) {
    scene s;
    s.api.how().bookmarks = has_some;
    heard h;
    s.watch(h, "&timeoutSeconds=300&allowWatchBookmarks=true");
    s.w.run_for(130s);
    const auto quiet = count(h.body, "BOOKMARK");
    s.api.model().create(resource::pods, pod_object({.name = "executor-9"}));
    s.w.run_for(120s);
    CHECK(quiet == 0);
    return count(h.body, "BOOKMARK");
  };
  CHECK(bookmarks(true) == 1);
  CHECK(bookmarks(false) == 0);
}

TEST_CASE("errors in the stream of the simulated API server are frames of a stream that then ends in order") {
  const auto met = [](api_fault what) {
    scene s;
    s.fault(what, 20s);
    heard h;
    s.watch(h);
    s.touch();
    REQUIRE(s.w.run_while_not([&] { return h.over; }, 30s));
    CHECK((h.status == 200 && !h.error));
    const auto at = h.body.rfind('\n', h.body.size() - 2);
    const auto last = boost::json::parse(h.body.substr(at == std::string::npos ? 0 : at + 1)).as_object();
    CHECK(text_at(last, {"type"}) == "ERROR");
    return number_at(last, {"object", "code"}).value_or(0);
  };
  CHECK(met(api_fault::expired) == 410);
  CHECK(met(api_fault::too_large) == 504);
  CHECK(met(api_fault::error) == 500);
}

TEST_CASE("a watch of the simulated API server ends, breaks off or falls silent in the middle of a frame") {
  const auto met = [](api_fault what) {
    auto h = std::make_unique<heard>();
    scene s;
    s.fault(what, 20s);
    s.watch(*h, "&timeoutSeconds=300", 60s);
    REQUIRE(s.w.run_while_not([&] { return h->over; }, 70s));
    return h;
  };
  const auto ends = met(api_fault::ends), breaks = met(api_fault::breaks), stalls = met(api_fault::stalls);
  CHECK((!ends->error && ends->body.empty()));
  CHECK(breaks->error == boost::beast::http::error::partial_message);
  CHECK(stalls->error == boost::system::errc::timed_out);
  CHECK((!stalls->body.empty() && stalls->body.back() != '\n'));
  const auto noise = met(api_fault::line_noise);
  boost::system::error_code ec;
  (void)boost::json::parse(noise->body, ec);
  CHECK(ec);
  CHECK(met(api_fault::says_deleted)->body.starts_with(R"({"type":"DELETED")"));
}

TEST_CASE("the simulated API server refuses as text, as JSON, with Retry-After, or speaks as a proxy") {
  const auto met = [](api_fault what) {
    scene s;
    s.fault(what);
    return s.get();
  };
  const auto header = [](const heard& h, const char* name) {
    return std::string(http::find_header(h.headers, name).value_or(""));
  };
  const auto text = met(api_fault::too_many_text), json = met(api_fault::too_many_json);
  CHECK(
      (text.status == 429 && header(text, "Retry-After") == "7" && header(text, "Content-Type") != "application/json"));
  CHECK((json.status == 429 && header(json, "Retry-After") == "7" && json.body.starts_with(R"({"kind":"Status")")));
  CHECK(met(api_fault::unavailable).status == 503);
  CHECK(met(api_fault::internal).status == 500);
  CHECK(met(api_fault::conflict).status == 409);
  CHECK((met(api_fault::gone).status == 410 && met(api_fault::not_found).status == 404));
  const auto proxy = met(api_fault::not_json);
  CHECK((proxy.status == 200 && header(proxy, "Content-Type") == "text/html"));
  CHECK(met(api_fault::huge).body.size() > 5'000'000);
  CHECK(met(api_fault::rubbish).status == 200);
}

TEST_CASE("the simulated API server loses a request, or its answer, or answers never") {
  for (const auto what : {api_fault::reset, api_fault::lost_answer}) {
    scene s;
    s.fault(what);
    const auto h = s.get();
    CHECK((h.error == asio::error::connection_reset || h.error == asio::error::eof));
    // A GET is repeated once by the client only on a kept connection: this was the first one.
    CHECK(s.api.model().access().records().size() == (what == api_fault::reset ? 0 : 1));
  }
  scene s;
  s.fault(api_fault::silence);
  CHECK(s.get("/api/v1/nodes", 40s).error == boost::system::errc::timed_out);
}

TEST_CASE("a watch of the simulated API server that asks for the future waits 3 s for it") {
  scene s;
  heard h;
  s.client.spawn(
      listen(s.client, s.request("/api/v1/namespaces/dremio/pods?watch=true&resourceVersion=99999"), 10s, h));
  const auto began = s.w.now();
  REQUIRE(s.w.run_while_not([&] { return h.over; }, 10s));
  CHECK(h.over_at - began > 3s);
  CHECK(h.body.find("ResourceVersionTooLarge") != std::string::npos);
}

TEST_CASE("the Date header of the simulated API server is its own clock") {
  scene s;
  s.api.machine().clock().jump(-90s);
  s.w.run_for(2s);
  const auto h = s.get();
  const auto date = http::parse_date(http::find_header(h.headers, "Date").value_or(""));
  REQUIRE(date);
  const auto behind = s.client.clock().wall_now() - *date;
  CHECK(behind >= 90s);
  CHECK(behind < 92s);
}

TEST_CASE("the simulated API server closes a connection that was idle for 90 s") {
  scene s;
  rt::time_point closed{};
  const auto wait_for_end = [](host& h, std::string text, rt::time_point& at) -> rt::task<> {
    auto stream = co_await h.net().connect(rt::destination(api_server::host_name, 443));
    if (!stream) co_return;
    (void)co_await stream->async_write_some(asio::buffer(text), asio::use_awaitable);
    std::string room(4096, ' ');
    try {
      for (;;) (void)co_await stream->async_read_some(asio::buffer(room), asio::use_awaitable);
    } catch (const boost::system::system_error&) { at = h.home().now(); }
  };
  s.client.spawn(wait_for_end(s.client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", closed));
  const auto began = s.w.now();
  s.w.run_for(100s);
  CHECK(closed - began > 90s);
  CHECK(closed - began < 92s);
}

TEST_CASE("the simulated API server answers again after every honest fault, and the same from the same seed") {
  sim::scenario([](world& w) {
    api_server api(w);
    api.faults().add_honest_ones(0.05, w.now(), w.now() + 60s);
    api.model().access().allow_what_is_deployed(false);
    const auto pod = api.model().create(resource::pods, pod_object({.name = "executor-0"}));
    const auto token =
        api.model().access().issue({"dremio", "executor-0", text_at(pod->value(), {"metadata", "uid"}), {}});
    auto& client = w.add_host("executor-0").boot();
    int answered = 0;
    const auto asks = [](host& h, std::string bearer, int& good) -> rt::task<> {
      http::client c(h.net(), *http::parse_base_url(api_server::url), {}, {.idle = 100s});
      for (int i = 0; i < 100; ++i) {
        http::request r;
        r.target = "/api/v1/namespaces/dremio/pods";
        r.headers = {{"Authorization", "Bearer " + bearer}};
        auto got = co_await c.exchange(std::move(r), rt::deadline::after(h.clock(), 5s));
        if (got && got->status == 200) ++good;
        co_await h.clock().sleep_for(i % 10 == 0 ? 95s : 500ms);
      }
    };
    client.spawn(asks(client, token, answered));
    w.after(200s, [&] { w.net().isolate("executor-0"); });
    w.after(230s, [&] { w.net().heal(); });
    w.run_for(1500s);
    CHECK(answered > 60);
  });
}

}  // namespace ebb::sim
