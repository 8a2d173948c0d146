#include "agent/core/judge.hpp"

#include <algorithm>
#include <cmath>

#include "agent/core/duration_text.hpp"

namespace ebb::core {

std::uint64_t whole_fragments(double fragments) {
  return static_cast<std::uint64_t>(std::ceil(std::clamp(fragments, 0.0, 1e15)));
}

namespace {

std::string count(double fragments) { return std::to_string(whole_fragments(fragments)); }

// What rules 1 and 2 still wait for; empty: nothing.
std::string missing_evidence(const std::optional<sample>& last, int zeros, duration span, duration quiet, int samples) {
  if (!last) return "samples: none yet";
  if (last->value == load::unknown) return "fragments: unknown (" + last->why + ")";
  if (last->value == load::busy) return "fragments: " + count(last->fragments) + " running";
  if (zeros < samples || span < quiet)
    return "samples: " + std::to_string(zeros) + " zeros over " + text(span) + ", " + std::to_string(samples) +
           " over " + text(quiet) + " are needed";
  return {};
}

}  // namespace

std::string_view name(source s) { return s == source::scrape ? "scrape" : "prometheus"; }

void idle_judge::begin(std::optional<double> baseline) {
  *this = idle_judge{};
  baseline_ = baseline;
}

void idle_judge::add(const sample& s) {
  // Prometheus' samples are as far apart as its scrapes; whether they are fresh has been judged before.
  const bool hole = zeros_ > 0 && s.from == source::scrape && s.at - run_end_ > longest_gap;
  if (s.value != load::idle || hole) zeros_ = 0;
  if (s.value != load::idle) counters_since_.reset();
  if (s.value == load::idle && (zeros_ == 0 || s.at > run_end_)) {
    if (zeros_ == 0) run_begin_ = s.at;
    run_end_ = s.at;
    ++zeros_;
  }
  last_ = s;
}

bool idle_judge::veto(time_point at, double fragments) {
  if (fragments <= 0 || zeros_ == 0 || at <= run_begin_) return false;
  zeros_ = 0;
  counters_since_.reset();
  last_ = sample{at, load::busy, fragments, source::prometheus, {}, {}};
  return true;
}

verdict idle_judge::decide(time_point now, const judge_rules& rules, list_rule list) {
  verdict v;
  v.zeros = zeros_;
  v.idle_for = zeros_ > 0 ? run_end_ - run_begin_ : 0s;
  const duration quiet = list == list_rule::unreachable ? std::max(rules.quiet, rules.lonely_quiet) : rules.quiet;
  v.waiting_for = missing_evidence(last_, zeros_, v.idle_for, quiet, rules.samples);
  if (!v.waiting_for.empty()) return v;

  if (list == list_rule::enforced) {
    if (!verified_since_) {
      v.waiting_for = "deny entry: not verified";
      return v;
    }
    // The last zero counts from its own time: one from before the end of settle cannot speak for the end of it.
    const auto settled = *verified_since_ + rules.settle;
    if (run_end_ < settled || now < settled) {
      v.waiting_for = now < settled ? "settle: " + text(settled - now) + " left" : "samples: a zero after settle";
      return v;
    }
  }

  if (baseline_ && last_->open_queries && *last_->open_queries > *baseline_) {
    if (!counters_since_) counters_since_ = now;
    const auto waited = now - *counters_since_;
    if (waited < counters_patience) {
      v.waiting_for = "queries: " + count(*last_->open_queries - *baseline_) +
                      " started and not ended, waiting at most " + text(counters_patience - waited) + " more";
      return v;
    }
    v.counters_gave_up = true;
  }
  v.idle = true;
  return v;
}

}  // namespace ebb::core
