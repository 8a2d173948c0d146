#include "tools/lab/model/executor.hpp"

#include <algorithm>
#include <csignal>

namespace ebb::lab {
namespace {

constexpr int exit_143 = 143 << 8;
constexpr std::string_view text_004 = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

executor::executor(options o) : options_(std::move(o)), page_(options_.dremio) {}

void executor::spawn(time_point now) {
  if (alive()) return;
  running_.clear();
  queries_.clear();
  started_ = ended_ = 0;
  phase_ = phase::starting;
  until_ = now + options_.startup;
}

void executor::stop_signal(time_point now) {
  if (phase_ == phase::starting) return end(exit_143);  // the shutdown hook is registered only after the start
  if (phase_ != phase::serving) return;                 // a second SIGTERM changes nothing
  phase_ = phase::waiting;
  until_ = now + options_.grace;
}

void executor::kill(time_point now) {
  finish_fragments(now);
  if (alive()) end(SIGKILL);
}

void executor::end(int wait_status) {
  phase_ = phase::ended;
  running_.clear();
  queries_.clear();
  happened_.push_back({action::kind::exit, 0, wait_status});
}

void executor::start_fragment(std::uint64_t id, std::uint64_t query, duration lasts, time_point now) {
  running_[id] = {query, now + lasts};
  if (++queries_[query] == 1) ++started_;
}

void executor::cancel_fragment(std::uint64_t id) {
  if (auto f = running_.find(id); f != running_.end()) forget(f);
}

void executor::forget(std::map<std::uint64_t, fragment>::iterator f) {
  auto q = queries_.find(f->second.query);
  running_.erase(f);
  if (--q->second > 0) return;
  queries_.erase(q);
  ++ended_;
}

void executor::finish_fragments(time_point now) {
  if (held_) return;
  for (auto f = running_.begin(); f != running_.end();) {
    const auto at = f++;
    if (at->second.ends > now) continue;
    happened_.push_back({action::kind::fragment_done, at->first, 0});
    forget(at);
  }
}

std::vector<executor::action> executor::advance(time_point now) {
  finish_fragments(now);
  if (phase_ == phase::starting && now >= until_) {
    phase_ = phase::serving;
    happened_.push_back({action::kind::join, 0, 0});
  }
  if (phase_ == phase::waiting && idle_or_out_of_patience(now)) {
    phase_ = phase::leaving;
    until_ = now + options_.leaving;
    running_.clear();
    queries_.clear();
    happened_.push_back({action::kind::leave, 0, 0});
  }
  if (phase_ == phase::leaving && now >= until_) end(exit_143);
  auto out = std::move(happened_);
  happened_.clear();
  return out;
}

std::optional<time_point> executor::next_event() const {
  if (!happened_.empty()) return time_point::min();
  if (phase_ == phase::waiting && running_.empty()) return time_point::min();
  std::optional<time_point> next;
  if (phase_ == phase::starting || phase_ == phase::waiting || phase_ == phase::leaving) next = until_;
  if (held_) return next;
  for (const auto& [id, f] : running_) next = std::min(next.value_or(f.ends), f.ends);
  return next;
}

answer executor::handle(const call& c) const {
  if (c.path() == "/live") return empty_answer(options_.healthy ? 200 : 500);
  if (c.path() != "/metrics")
    return {404, "text/html;charset=iso-8859-1", "<html><body>HTTP ERROR 404 Not Found</body></html>\n", duration{0}};
  if (c.method != "GET" && c.method != "HEAD" && c.method != "POST") return empty_answer(405);
  page_figures f;
  f.fragments = fragments();
  f.started = started_;
  f.ended = ended_;
  return {200, std::string(text_004), page_.render(f, distortion_), duration{0}};
}

}  // namespace ebb::lab
