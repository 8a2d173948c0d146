#pragma once
// Writes the text exposition format 0.0.4 as narrowly as its strictest parser reads it: HELP and TYPE once, in front of
// the family's samples; single spaces; no timestamps; a line feed at the end.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ebb::prometheus {

inline constexpr std::string_view exposition_content_type = "text/plain; version=0.0.4; charset=utf-8";

// Names are ours and checked by assert; values may be anything: what is not UTF-8 becomes '?', NUL too.
using label_view = std::pair<std::string_view, std::string_view>;

struct histogram_bucket {
  double upper_bound;   // inclusive; the bucket of +Inf is written by itself
  std::uint64_t count;  // of observations up to the bound: cumulative
};

class exposition_writer {
 public:
  // Each begins a family; its samples follow. A name of a counter ends in _total (or in what promtool lets pass).
  void gauge(std::string_view name, std::string_view help) { begin(name, help, "gauge"); }
  void counter(std::string_view name, std::string_view help) { begin(name, help, "counter"); }
  void histogram(std::string_view name, std::string_view help) { begin(name, help, "histogram"); }

  // A sample of the gauge or counter begun last.
  void sample(double value) { sample(std::span<const label_view>(), value); }
  void sample(std::initializer_list<label_view> labels, double value) {
    sample({labels.begin(), labels.size()}, value);
  }
  void sample(std::span<const label_view> labels, double value);

  // A sample of the histogram begun last: its buckets in ascending order, then _sum and _count.
  void buckets(std::span<const label_view> labels, std::span<const histogram_bucket> buckets, double sum,
               std::uint64_t count);

  // The page so far.
  const std::string& text() const { return text_; }

 private:
  void begin(std::string_view name, std::string_view help, std::string_view type);
  void line(std::string_view suffix, std::span<const label_view> labels, std::string_view upper_bound,
            std::string_view value);

  std::string text_;
  std::string family_;
  std::string_view type_;
  std::vector<std::string> begun_;
};

}  // namespace ebb::prometheus
