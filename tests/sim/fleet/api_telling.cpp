#include "tests/sim/fleet/api_telling.hpp"

#include <algorithm>
#include <stdexcept>

#include "agent/rt/notice.hpp"

namespace ebb::sim {

namespace {

constexpr std::size_t huge = 5 * 1024 * 1024;
constexpr rt::duration between_pieces = 2ms;

// Nobody reads any more, or nobody is to: the body ends without its last chunk.
[[noreturn]] void break_off() { throw std::runtime_error("the stream is broken off"); }

}  // namespace

void make_huge(std::string& document) {
  constexpr std::string_view metadata = R"("metadata":{)";
  const auto outer = document.find(metadata);
  const auto inner = document.find(metadata, outer + 1);  // of the first item, where the document is a list
  const auto at = inner == std::string::npos ? outer : inner;
  if (at == std::string::npos) return;
  document.insert(at + metadata.size(), R"("managedFields":[{"manager":")" + std::string(huge, 'x') + R"("}],)");
}

rt::task<> api_telling::run(http::body_writer& out) {
  auto ex = co_await rt::asio::this_coro::executor;
  rt::notice changed(ex);
  struct listening {  // the watch may outlive this coroutine
    api_watch& to;
    ~listening() { to.on_frame = nullptr; }
  } guard{*watch_};
  watch_->on_frame = [this, &changed] {
    changed.notify();
    host_.home().touch(host_);
  };
  auto& clock = host_.clock();
  const auto end = clock.now() + how_.lasts;
  const bool faulty = of_watches_alone(how_.fault.what);
  auto wrong_at = faulty ? clock.now() + how_.fault.lasts : rt::time_point::max();
  auto bookmark_at = std::min(clock.now() + bookmark_each, end - last_bookmark);
  for (;;) {
    const auto seen = changed.count();
    if (!co_await tell_frames(out)) break_off();
    if (watch_->failed() || clock.now() >= end) co_return;
    if (clock.now() >= wrong_at) {
      wrong_at = rt::time_point::max();
      if (co_await go_wrong(out)) co_return;
      continue;
    }
    if (clock.now() >= bookmark_at) {
      if (how_.bookmarks)
        if (auto b = watch_->bookmark(model_.store().revision_of(watch_->asked().resource)))
          watch_->push(std::move(*b));
      bookmark_at = clock.now() + bookmark_each < end - last_bookmark ? clock.now() + bookmark_each
                    : clock.now() < end - last_bookmark               ? end - last_bookmark
                                                                      : rt::time_point::max();
    }
    if (changed.count() != seen) continue;
    (void)co_await changed.wait(rt::deadline(clock, std::min({end, wrong_at, bookmark_at})));
  }
}

rt::task<bool> api_telling::tell_frames(http::body_writer& out) {
  while (auto frame = watch_->next()) {
    if (draws_.chance(how_.merge))
      while (auto another = watch_->next()) *frame += *another;
    if (how_.fault.what == api_fault::huge) make_huge(*frame);
    if (how_.fault.what == api_fault::rubbish) *frame = std::string(rubbish_object) + "\n";
    if (how_.fault.what == api_fault::cut) {
      (void)co_await out.write(frame->substr(0, frame->size() / 2));
      break_off();
    }
    const bool written = co_await write(out, std::move(*frame));
    if (!written) co_return false;
  }
  co_return true;
}

rt::task<bool> api_telling::write(http::body_writer& out, std::string frame) {
  while (draws_.chance(how_.split) && frame.size() > 1) {
    const auto at = 1 + draws_.below(frame.size() - 1);
    auto first = co_await out.write(frame.substr(0, at));
    if (!first) co_return false;
    frame.erase(0, at);
    co_await host_.clock().sleep_for(between_pieces);
  }
  auto rest = co_await out.write(std::move(frame));
  co_return rest.has_value();
}

void api_telling::lie_about_deletion() {
  const auto& asked = watch_->asked();
  for (const auto& e : model_.store().list(asked.resource, asked.name_space))
    if (asked.selects(*e)) watch_->push(watch_frame("DELETED", e->text()));
}

// Whether the stream is over.
rt::task<bool> api_telling::go_wrong(http::body_writer& out) {
  const auto what = std::exchange(how_.fault.what, api_fault::none);
  switch (what) {
    case api_fault::expired: watch_->fail(status_text(410, "Expired", "too old resource version: 1 (2)")); break;
    case api_fault::too_large:
      watch_->fail(status_text(504, "Timeout", "Timeout: Too large resource version: 9, current: 8",
                               {{"causes", boost::json::array{api_object{{"reason", "ResourceVersionTooLarge"}}}},
                                {"retryAfterSeconds", 1}}));
      break;
    case api_fault::error:
      watch_->fail(status_text(500, "InternalError", "an error on the server has prevented the request"));
      break;
    case api_fault::ends: co_return true;
    case api_fault::breaks: break_off();
    case api_fault::stalls:
      (void)co_await out.write(R"({"type":"MODIFIED","object":{"kind":"Pod","metadata":{"na)");
      co_await host_.clock().sleep_for(1h);
      break_off();
    case api_fault::line_noise: watch_->push("{\"type\":\"MODIFIED\",\"object\":{\x01\n"); break;
    default: lie_about_deletion();
  }
  const bool told = co_await tell_frames(out);
  if (!told) break_off();
  co_return watch_->failed();
}

}  // namespace ebb::sim
