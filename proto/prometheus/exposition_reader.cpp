#include "proto/prometheus/exposition_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "proto/printable.hpp"

namespace ebb::prometheus {
namespace {

constexpr std::string_view cut_page = "the page ends inside a line, expected a line feed at its end";

// Takes lines off the front of a page.
class line_reader {
 public:
  explicit line_reader(std::string_view page) : rest_(page) {}

  bool next() {
    if (rest_.empty()) return false;
    const void* feed = std::memchr(rest_.data(), '\n', rest_.size());
    const std::size_t length =
        feed == nullptr ? rest_.size() : static_cast<std::size_t>(static_cast<const char*>(feed) - rest_.data());
    line_ = rest_.substr(0, length);
    rest_.remove_prefix(feed == nullptr ? length : length + 1);
    ++number_;
    return true;
  }

  std::string_view line() const { return line_; }
  std::size_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::string_view line_;
  std::size_t number_ = 0;
};

std::string fault_of_page(std::string_view page, last_line last) {
  if (page.size() > page_limit) {
    return "the page has " + std::to_string(page.size()) + " bytes, expected at most " + std::to_string(page_limit);
  }
  if (last == last_line::must_end && !page.empty() && page.back() != '\n') return std::string(cut_page);
  return {};
}

std::string fault_of_line(std::size_t number, const exposition_line& line) {
  const std::string found = line.rest.empty() ? "the end of the line" : proto::quoted_excerpt(line.rest);
  return "line " + std::to_string(number) + ": " + found + ", expected " + std::string(line.expected);
}

// Whether `line`, which is not empty, begins with `name` and no longer one. The first byte decides nearly always.
bool is_named(std::string_view line, std::string_view name) {
  if (name.empty() || line[0] != name[0] || !line.starts_with(name)) return false;
  return line.size() == name.size() || !is_name_character(line[name.size()]);
}

bool is_name(std::string_view written, std::string_view name) {
  return written == name || (written.find('\\') != std::string_view::npos && unescape(written) == name);
}

class gauge_search {
 public:
  explicit gauge_search(std::span<const std::string> names) : names_(names), readings_(names.size()) {}

  void look_at(const line_reader& lines) {
    std::string_view line = lines.line();
    while (!line.empty() && (line[0] == ' ' || line[0] == '\t')) line.remove_prefix(1);
    if (line.empty()) return;
    if (line[0] == '{') {
      look_at_quoted(lines);
      return;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (is_named(line, names_[i])) add(i, parse_line(line), lines.number());
    }
  }

  std::vector<gauge_reading> take() {
    std::ranges::sort(seen_, {}, [](const series& one) { return std::pair(one.gauge, one.labels); });
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      const bool again = i > 0 && seen_[i - 1].gauge == seen_[i].gauge && seen_[i - 1].labels == seen_[i].labels;
      count(seen_[i], again ? &seen_[i - 1] : nullptr);
    }
    return std::move(readings_);
  }

 private:
  struct series {
    std::size_t gauge;
    std::string_view labels;
    double value;
    std::optional<std::int64_t> timestamp;
  };

  // Here the name is known only after the line has been read. One that is cut short could be of any name.
  void look_at_quoted(const line_reader& lines) {
    const exposition_line line = parse_line(lines.line());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const bool nameless = line.kind == line_kind::malformed && line.sample.name.empty();
      if (nameless || is_name(line.sample.name, names_[i])) add(i, line, lines.number());
    }
  }

  void count(const series& one, const series* before) {
    gauge_reading& reading = readings_[one.gauge];
    if (one.timestamp) {
      reading.oldest = std::min(reading.oldest.value_or(*one.timestamp), *one.timestamp);
      reading.newest = std::max(reading.newest.value_or(*one.timestamp), *one.timestamp);
    }
    if (before != nullptr) {
      const bool same = before->value == one.value || (std::isnan(before->value) && std::isnan(one.value));
      if (!same) blame(reading, "a series given twice with different values: {" + proto::printable(one.labels) + "}");
      return;
    }
    ++reading.samples;
    reading.sum += one.value;
    reading.least = std::min(reading.least, one.value);
  }

  void add(std::size_t gauge, const exposition_line& line, std::size_t number) {
    if (seen_.size() == samples_limit) {
      blame(readings_[gauge], "more than " + std::to_string(samples_limit) + " samples");
    } else if (line.kind == line_kind::sample) {
      seen_.push_back({gauge, line.sample.labels, line.sample.value, line.sample.timestamp});
    } else {
      blame(readings_[gauge], fault_of_line(number, line));
    }
  }

  // The first fault is the one that is told.
  static void blame(gauge_reading& reading, std::string fault) {
    if (reading.fault.empty()) reading.fault = std::move(fault);
  }

  std::span<const std::string> names_;
  std::vector<gauge_reading> readings_;
  std::vector<series> seen_;
};

}  // namespace

std::optional<double> gauge_reading::value() const {
  if (samples == 0 || !fault.empty() || !std::isfinite(sum) || least < 0) return std::nullopt;
  return sum;
}

std::string gauge_reading::doubt() const {
  if (absent()) return "absent";
  if (!fault.empty()) return fault;
  if (std::isnan(sum)) return "not a number";
  if (least < 0) return "negative";
  if (std::isinf(sum)) return "infinite";
  return {};
}

std::vector<gauge_reading> find_gauges(std::string_view page, std::span<const std::string> names, last_line last) {
  if (std::string fault = fault_of_page(page, last); !fault.empty()) {
    gauge_reading unknown;
    unknown.fault = std::move(fault);
    return std::vector<gauge_reading>(names.size(), unknown);
  }
  gauge_search search(names);
  for (line_reader lines(page); lines.next();) search.look_at(lines);
  return search.take();
}

proto::result<void> for_each_sample(std::string_view page, const std::function<void(const sample&)>& take,
                                    last_line last) {
  if (const std::string fault = fault_of_page(page, last); !fault.empty()) {
    return proto::parse_error("exposition", fault);
  }
  for (line_reader lines(page); lines.next();) {
    const exposition_line line = parse_line(lines.line());
    if (line.kind == line_kind::malformed) {
      return proto::parse_error("exposition", fault_of_line(lines.number(), line));
    }
    if (line.kind == line_kind::sample) take(line.sample);
  }
  return {};
}

}  // namespace ebb::prometheus
