// The text exposition: any bytes give readings; the strict and the searching reader agree; what is written reads back.
#include <cmath>
#include <string>
#include <vector>

#include "proto/prometheus/exposition_reader.hpp"
#include "proto/prometheus/exposition_writer.hpp"
#include "tests/fuzz/property.hpp"

using namespace ebb::prometheus;
using ebb::fuzz::require;

namespace {

const std::vector<std::string> names = {"exec_fragments_active", "fragments_active", "a", "my.name", "a\"b"};

bool is_name(std::string_view written, std::string_view name) {
  return written == name || (written.find('\\') != std::string_view::npos && unescape(written) == name);
}

// Nothing that a strict reading of the whole page does not also say.
void compare(std::string_view page, const std::vector<gauge_reading>& readings, last_line last) {
  std::vector<std::size_t> found(names.size(), 0);
  const auto strict = for_each_sample(
      page,
      [&](const sample& one) {
        for (std::size_t i = 0; i < names.size(); ++i) {
          if (is_name(one.name, names[i])) ++found[i];
        }
        for (const label& each : read_labels(one.labels))
          require(each.first.size() <= page.size(), "labels are of the page");
      },
      last);
  if (strict.has_error()) {
    require(ebb::fuzz::is_one_line(strict.error().what), "an error is one line");
    return;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!readings[i].fault.empty()) continue;
    require(readings[i].samples <= found[i], "no sample is invented");
    require((readings[i].samples == 0) == (found[i] == 0), "no sample is overlooked");
  }
}

void write_and_read(std::string_view content) {
  exposition_writer page;
  page.gauge("g", content);
  page.sample({{"label", content}}, 1);
  std::size_t samples = 0;
  const auto read = for_each_sample(page.text(), [&](const sample&) { ++samples; }, last_line::must_end);
  require(read.has_value() && samples == 1, "what is written can be read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view page = ebb::fuzz::text(data, size);
  for (const last_line last : {last_line::may_lack_newline, last_line::must_end}) {
    const std::vector<gauge_reading> readings = find_gauges(page, names, last);
    for (const gauge_reading& reading : readings) {
      require(reading.value().has_value() == reading.doubt().empty(), "either a value or a doubt");
      require(!reading.value() || (std::isfinite(*reading.value()) && *reading.value() >= 0), "a value is possible");
      require(ebb::fuzz::is_one_line(reading.doubt()), "a doubt is one line");
    }
    compare(page, readings, last);
  }
  write_and_read(page);
  return 0;
}
