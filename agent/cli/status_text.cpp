#include "agent/cli/status_text.hpp"

#include <algorithm>
#include <cmath>

#include "agent/cli/words.hpp"

namespace ebb::cli {

namespace {

constexpr std::size_t label_width = 12;
constexpr int bar_width = 20;

enum class paint { plain, good, busy, bad };

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const auto& p : parts) {
    if (p.empty()) continue;
    if (!out.empty()) out += between;
    out += p;
  }
  return out;
}

std::string count_text(double n) {
  return std::floor(n) == n ? std::to_string(static_cast<long long>(n)) : std::to_string(n);
}

std::string state_text(const status_view& v) { return v.phase.empty() ? v.state : v.state + " (" + v.phase + ")"; }

std::string fragments_text(const executor_view& e) {
  const auto age = e.fragments_age ? span_text(*e.fragments_age) + " ago" : std::string();
  if (!e.fragments) return joined({"unknown", e.error, age.empty() ? "" : "asked " + age}, ", ");
  const auto source = e.fragments_source == "scrape" ? "from its own page" : "from " + e.fragments_source;
  return joined({count_text(*e.fragments), source, age}, ", ");
}

std::string in(std::optional<moment> at, moment now) { return at ? "in " + span_text(*at - now) : std::string(); }

class screen {
 public:
  screen(const status_view& v, moment now, look l) : v_(v), now_(now), look_(l) {}

  std::string text() {
    node();
    state();
    executor();
    deny_list();
    if (v_.drain) drain(*v_.drain);
    pod();
    upstreams();
    agent();
    return std::move(out_);
  }

 private:
  std::string painted(std::string text, paint p) const {
    if (!look_.colour || p == paint::plain || text.empty()) return text;
    const auto* code = p == paint::good ? "32" : p == paint::busy ? "33" : "31";
    return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
  }

  void line(std::string_view label, std::string text, paint p = paint::plain) {
    if (text.empty()) return;
    out_.append(label).append(label_width - std::min(label.size(), label_width - 1), ' ');
    out_.append(painted(std::move(text), p)).push_back('\n');
  }

  void node() {
    if (v_.node.name.empty())
      line("node", "unknown" + (v_.node.error.empty() ? std::string() : ": " + v_.node.error), paint::bad);
    else
      line("node", v_.node.name + (v_.node.source.empty() ? std::string() : " (" + v_.node.source + ")"));
  }

  void state() {
    const bool serves = v_.state == "serving";
    const auto since = v_.since ? "for " + span_text(now_ - *v_.since) : std::string();
    line("state", joined({state_text(v_), since}, ", "), serves ? paint::good : paint::busy);
    if (v_.causes.empty()) return;
    const auto reason = v_.reason.empty() ? std::string() : ": " + v_.reason;
    line("because of", joined(v_.causes, ", ") + reason);
  }

  void executor() {
    const auto& e = v_.executor;
    const bool live = e.live.value_or(false);
    const auto pid = e.pid && *e.pid > 0 ? "pid " + std::to_string(*e.pid) : std::string();
    const auto liveness = live ? std::string("live") : !e.live ? std::string() : "not live";
    line("executor", joined({liveness, pid, e.fragments || live ? std::string() : e.error}, ", "),
         live ? paint::plain : paint::bad);
    line("fragments", fragments_text(e), e.fragments ? paint::plain : paint::bad);
  }

  void deny_list() {
    const auto& d = v_.deny_list;
    if (d.configured && !*d.configured)
      return line("deny list", "none: dremio.url is not set, the metric alone decides", paint::bad);
    std::vector<std::string> parts;
    parts.push_back(d.entry.empty() ? "entry unknown" : "entry " + d.entry);
    if (d.verified_ago) parts.push_back("verified for " + span_text(*d.verified_ago));
    if (d.foreign) parts.push_back("somebody else's");
    if (d.entries) parts.push_back(counted(*d.entries, "entry", "entries") + " in all");
    if (d.lost > 0) parts.push_back(counted(d.lost, "lost update") + " repaired");
    line("deny list", joined(parts, ", "), d.foreign ? paint::busy : paint::plain);
    if (!d.error.empty()) line("", d.error, paint::bad);
  }

  void drain(const drain_view& d) {
    line("waiting for", d.waiting_for, paint::busy);
    if (d.stop_at || d.deadline) {
      const auto stop = d.stop_at && v_.draining() ? "the executor is stopped " + in(d.stop_at, now_) + " at the latest"
                                                   : std::string();
      const auto from = d.deadline_source.empty() ? std::string() : " (" + d.deadline_source + ")";
      line("deadline", joined({d.deadline ? in(d.deadline, now_) + from : std::string(), stop}, "; "));
    } else if (v_.draining()) {
      line("deadline", "none: every cause can be withdrawn");
    }
    if (look_.bars && v_.draining()) bars(d);
  }

  void bars(const drain_view& d) {
    const auto share = [](auto part, auto whole) {
      return whole.count() == 0 ? 1.0 : static_cast<double>(part.count()) / static_cast<double>(whole.count());
    };
    if (d.settle) {
      const auto settled = std::min(v_.deny_list.verified_ago.value_or(milliseconds{0}), *d.settle);
      line("settle", bar(share(settled, *d.settle)) + " " + span_text(settled) + " of " + span_text(*d.settle));
    }
    if (d.quiet && d.samples) {
      const auto quiet = std::min(d.idle_for, *d.quiet);
      const auto zeros = std::min(d.idle_samples, *d.samples);
      const auto zeros_share = *d.samples == 0 ? 1.0 : static_cast<double>(zeros) / static_cast<double>(*d.samples);
      line("quiet", bar(std::min(share(quiet, *d.quiet), zeros_share)) + " " + std::to_string(zeros) + " of " +
                        counted(*d.samples, "zero", "zeros") + ", " + span_text(quiet) + " of " + span_text(*d.quiet));
    }
    if (d.began && d.stop_at && *d.stop_at > *d.began) {
      const auto passed = std::clamp(now_ - *d.began, milliseconds{0}, *d.stop_at - *d.began);
      line("time", bar(share(passed, *d.stop_at - *d.began)) + " " + span_text(passed) + " of " +
                       span_text(*d.stop_at - *d.began));
    }
  }

  void pod() {
    const auto& p = v_.pod;
    if (!p.configured) return;
    const auto announced = p.disruption.empty() ? std::string() : p.disruption + " announced";
    line("pod", joined({p.name, p.watched ? std::string("watched") : p.error, announced}, ", "),
         !p.watched             ? paint::bad
         : p.disruption.empty() ? paint::plain
                                : paint::busy);
  }

  void upstreams() {
    for (const auto& u : v_.upstreams) {
      if (!u.configured) continue;
      const auto requests = counted(u.requests, "request");
      const auto retries = u.retries > 0 ? counted(u.retries, "retry", "retries") : std::string();
      const bool bad = u.ok && !*u.ok;
      line(u.name,
           joined({!u.ok ? "not asked yet"
                   : bad ? u.error
                         : "ok",
                   requests, retries},
                  ", "),
           bad ? paint::bad : paint::plain);
    }
  }

  void agent() {
    if (v_.agent_restarts > 0)
      line("agent", "version " + v_.version + ", replaced " + counted(v_.agent_restarts, "time"), paint::busy);
    else if (!v_.version.empty())
      line("agent", "version " + v_.version);
    if (!v_.reload_error.empty()) line("", v_.reload_error, paint::bad);
  }

  const status_view& v_;
  moment now_;
  look look_;
  std::string out_;
};

}  // namespace

std::string bar(double part) {
  const auto full = static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * bar_width));
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(bar_width - full), '-') + "]";
}

std::string status_screen(const status_view& v, moment now, look l) { return screen(v, now, l).text(); }

std::string status_line(const status_view& v) {
  auto out = state_text(v);
  out += v.executor.fragments ? ", fragments " + count_text(*v.executor.fragments) : ", fragments unknown";
  if (v.drain && !v.drain->waiting_for.empty()) out += ", waiting for " + v.drain->waiting_for;
  return out;
}

}  // namespace ebb::cli
