#include "proto/prometheus/exposition_writer.hpp"

#include <algorithm>
#include <cassert>

#include "proto/printable.hpp"
#include "proto/prometheus/exposition_line.hpp"
#include "proto/prometheus/number.hpp"

namespace ebb::prometheus {
namespace {

bool is_name(std::string_view name) {
  return !name.empty() && (name[0] < '0' || name[0] > '9') && std::ranges::all_of(name, is_name_character);
}

bool is_label_name(std::string_view name) { return is_name(name) && name.find(':') == std::string_view::npos; }

enum class quotes { plain, escaped };

void append_escaped(std::string& to, std::string_view text, quotes how) {
  while (!text.empty()) {
    const std::size_t length = text[0] == '\0' ? 0 : proto::utf8_sequence_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(sequence.size());
    if (length == 0) {
      to += '?';
    } else if (sequence == "\n") {
      to += "\\n";
    } else if (sequence == "\\" || (sequence == "\"" && how == quotes::escaped)) {
      to.append("\\").append(sequence);
    } else {
      to += sequence;
    }
  }
}

void append_label(std::string& to, std::string_view name, std::string_view value) {
  assert(is_label_name(name));
  to.append(name).append("=\"");
  append_escaped(to, value, quotes::escaped);
  to += '"';
}

}  // namespace

void exposition_writer::begin(std::string_view name, std::string_view help, std::string_view type) {
  assert(is_name(name));
  assert(std::ranges::find(begun_, name) == begun_.end() && "a family is written once");
  family_ = name;
  type_ = type;
  begun_.emplace_back(name);
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, quotes::plain);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void exposition_writer::sample(std::span<const label_view> labels, double value) {
  assert(!family_.empty() && type_ != "histogram");
  line("", labels, "", format_number(value));
}

void exposition_writer::buckets(std::span<const label_view> labels, std::span<const histogram_bucket> buckets,
                                double sum, std::uint64_t count) {
  assert(type_ == "histogram");
  for (const histogram_bucket& bucket : buckets) {
    line("_bucket", labels, format_number(bucket.upper_bound), std::to_string(bucket.count));
  }
  line("_bucket", labels, "+Inf", std::to_string(count));
  line("_sum", labels, "", format_number(sum));
  line("_count", labels, "", std::to_string(count));
}

void exposition_writer::line(std::string_view suffix, std::span<const label_view> labels, std::string_view upper_bound,
                             std::string_view value) {
  text_.append(family_).append(suffix);
  char before = '{';
  for (const auto& [name, content] : labels) {
    text_ += before;
    append_label(text_, name, content);
    before = ',';
  }
  if (!upper_bound.empty()) {
    text_ += before;
    append_label(text_, "le", upper_bound);
    before = ',';
  }
  if (before == ',') text_ += '}';
  text_.append(" ").append(value).append("\n");
}

}  // namespace ebb::prometheus
