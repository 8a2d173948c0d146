#include "agent/core/stand_in.hpp"

#include <algorithm>
#include <cmath>

#include "agent/core/duration_text.hpp"

namespace ebb::core {

namespace {

constexpr std::size_t differences_that_count = 5;

duration median_interval(const std::vector<raw_sample>& samples) {
  std::vector<duration> steps;
  for (std::size_t i = samples.size() - 1; i > 0 && steps.size() < differences_that_count; --i)
    steps.push_back(samples[i].at - samples[i - 1].at);
  std::sort(steps.begin(), steps.end());
  return steps[steps.size() / 2];
}

}  // namespace

stand_in judge_stand_in(std::vector<raw_sample> samples, unix_ms now) {
  std::sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  samples.erase(std::unique(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.at == b.at; }),
                samples.end());
  stand_in out;
  out.samples = std::move(samples);
  const auto& all = out.samples;
  if (all.size() < stand_in_samples) {
    out.why =
        std::to_string(all.size()) + " samples in Prometheus, " + std::to_string(stand_in_samples) + " are needed";
    return out;
  }
  if (std::any_of(all.end() - stand_in_samples, all.end(),
                  [](const raw_sample& s) { return !std::isfinite(s.value) || s.value < 0; })) {
    out.why = "Prometheus has a value that is no count";
    return out;
  }
  out.interval = median_interval(all);
  const duration age = now - all.back().at;
  out.fresh = age >= duration{0} && age <= 2 * out.interval;
  if (out.fresh) return out;
  out.why = "Prometheus' newest sample is " +
            (age < duration{0} ? text(-age) + " ahead of Prometheus' own clock" : text(age) + " old");
  return out;
}

}  // namespace ebb::core
