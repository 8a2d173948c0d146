#include "agent/pod/object_watch.hpp"

#include <boost/system/errc.hpp>

#include "agent/http/url.hpp"
#include "proto/printable.hpp"

namespace ebb::pod {

using namespace std::chrono_literals;
using core::api_outcome;

namespace {

// As client-go asks for: the server ends a watch after that long. Silence is allowed until a little after it, because
// bookmarks come only when something else has changed.
constexpr rt::duration shortest_watch = 300s, longest_watch = 600s;
constexpr rt::duration end_slack = 30s;
// A watch that ends sooner than this is a failure, so that no server can make a loop of it.
constexpr rt::duration very_short = 1s;
// A server's clock that was read just now has not been set since.
constexpr rt::duration clock_is_news = 5s;
// After "resource version too large": the server's cache is behind, and catches up.
constexpr rt::duration cache_behind = 1s;

std::chrono::milliseconds in_ms(rt::time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch());
}

}  // namespace

std::optional<proto::parse_error> another_object(const kubernetes::object_meta& told, std::string_view name,
                                                 std::string_view name_space) {
  const bool elsewhere = !name_space.empty() && !told.name_space.empty() && told.name_space != name_space;
  if (told.name == name && !elsewhere) return std::nullopt;
  const auto where = told.name_space.empty() ? "" : " in namespace " + proto::quoted_excerpt(told.name_space);
  return proto::parse_error("metadata.name",
                            "expected \"" + std::string(name) + "\", got " + proto::quoted_excerpt(told.name) + where);
}

moment object_watch::now() const {
  moment m{api_.clock().now(), {}};
  if (offset_) m.server = rt::wall_time(in_ms(m.received) + *offset_);
  return m;
}

void object_watch::read_clock(const upstream::api_reply& r) {
  if (!r.date) return;
  clock_read_ = api_.clock().now();
  offset_ = r.date->time_since_epoch() - in_ms(clock_read_);
}

rt::task<> object_watch::run(std::string collection, std::string name) {
  const auto target = collection + "?fieldSelector=" + http::percent_encode("metadata.name=" + name);
  for (auto todo = next::list;;) {
    if (todo == next::list)
      todo = co_await list(target);
    else
      todo = co_await watch(target);
  }
}

rt::task<object_watch::next> object_watch::list(std::string target) {
  const auto r = co_await api_.get(std::move(target), rt::deadline::never(api_.clock()));
  if (r.outcome != api_outcome::ok) co_return co_await failed(r);
  read_clock(r);
  auto version = what_.listed(r.body, now());
  if (version && version->empty()) version = proto::parse_error("list metadata.resourceVersion", "is missing");
  if (!version) {
    api_.complain(version.error().what);
    ill(version.error().what);
    co_await pause(api_outcome::retry, {});
    co_return next::list;
  }
  well();
  version_ = std::move(*version);
  co_return next::watch;
}

rt::task<object_watch::next> object_watch::watch(std::string target) {
  const auto lasts = random_.between(shortest_watch, longest_watch);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lasts).count();
  const auto began = api_.clock().now();
  auto w = co_await api_.watch(target + "&watch=true&allowWatchBookmarks=true&resourceVersion=" +
                                   http::percent_encode(version_) + "&timeoutSeconds=" + std::to_string(seconds),
                               rt::deadline::never(api_.clock()));
  if (!w.body) co_return co_await failed(w.reply);
  read_clock(w.reply);
  well();
  too_old_ = false;
  const auto end = co_await follow(*w.body, began + lasts + end_slack);
  w.body.reset();
  const bool too_short = api_.clock().now() - began < very_short;
  if (end.why || too_short) co_await pause(end.why.value_or(api_outcome::retry), end.wish);
  co_return too_short ? next::list : end.then;  // it may never tell anything
}

void object_watch::well() {
  if (std::exchange(failing_, false)) what_.trouble({});
}

void object_watch::ill(std::string_view error) {
  failing_ = true;
  what_.trouble(error);
}

// The end of a stream, orderly or not, says nothing about the object: the next watch goes on where this one was.
rt::task<object_watch::stream_end> object_watch::follow(http::body_reader& body, rt::time_point end) {
  kubernetes::watch_splitter lines;
  for (;;) {
    auto piece = co_await body.next(rt::deadline(api_.clock(), end));
    if (!piece) co_return stream_end{next::watch, api_outcome::retry};
    if (piece->empty()) co_return stream_end{};
    auto complete = lines.put(*piece);
    if (!complete) {
      ill(complete.error().what);
      co_return stream_end{next::list, api_outcome::retry};
    }
    for (const auto& line : *complete)
      if (auto ended = take(line)) co_return *ended;
  }
}

// One event. Nothing: go on reading.
std::optional<object_watch::stream_end> object_watch::take(std::string_view line) {
  auto event = kubernetes::parse_watch_event(line);
  if (event && event->type == kubernetes::watch_event_type::error) return in_stream_error(event->object);
  auto at = now();
  at.guessed = at.received - clock_read_ > clock_is_news;
  proto::result<void> taken;
  if (event && event->type == kubernetes::watch_event_type::deleted) {
    taken = what_.deleted(event->object, at);
  } else if (event && event->type != kubernetes::watch_event_type::bookmark) {
    taken = what_.changed(event->object, at);
  }
  if (!event || !taken) {
    const auto& error = event ? taken.error().what : event.error().what;
    ill(error);
    api_.complain(error);
    return stream_end{next::list, api_outcome::retry};
  }
  version_ = event->resource_version;
  return std::nullopt;
}

object_watch::stream_end object_watch::in_stream_error(std::string_view object) {
  const auto status = kubernetes::parse_status(object);
  stream_end end;
  end.why = core::judge_api_status(static_cast<unsigned>(status.code.value_or(0)));
  end.wish = status.retry_after.value_or(0s);
  // 410: too old. 504 with this cause: newer than the server knows, after etcd was restored. Both want a new list.
  if (status.has_cause("ResourceVersionTooLarge")) end.wish = std::max(end.wish, cache_behind);
  if (status.code != 429) end.then = next::list;
  if (end.why == api_outcome::gone) end.why.reset();
  return end;
}

// A refused connection and 429 go on from the same version; whatever else went wrong begins anew. A version that is too
// old is replaced at once, unless the one before it was too old as well.
rt::task<object_watch::next> object_watch::failed(const upstream::api_reply& r) {
  const bool too_old = r.outcome == api_outcome::gone;
  const bool same_version = !version_.empty() && (r.status == 0 || r.status == 429);
  if (too_old && !version_.empty() && !std::exchange(too_old_, true)) {
    version_.clear();
    co_return next::list;
  }
  ill(r.error);
  co_await pause(r.outcome, r.retry_after.value_or(0s));
  if (!same_version) version_.clear();
  co_return same_version ? next::watch : next::list;
}

rt::task<> object_watch::pause(api_outcome why, rt::duration wish) {
  auto& clock = api_.clock();
  auto d = pause_.next(clock.now(), random_.unit(), why, wish);
  if (why == api_outcome::forbidden) d = std::max(d, forbidden_for_);
  co_await clock.sleep_for(d);
}

}  // namespace ebb::pod
