#pragma once
// Reads pages of the text exposition format 0.0.4; exposition_line.hpp says what it tolerates. Duplicate families, TYPE
// after samples and any order of families are accepted.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/parse_error.hpp"
#include "proto/prometheus/exposition_line.hpp"

namespace ebb::prometheus {

inline constexpr std::size_t page_limit = 8 * 1024 * 1024;
inline constexpr std::size_t samples_limit = 10'000;  // of all names that are looked for

// A page that came with its length, or in chunks, is whole. Of one that ended with the connection only a LF at its end
// tells that it was not cut inside a line.
enum class last_line { may_lack_newline, must_end };

// What a page says of one name, summed over all its samples whatever their labels.
struct gauge_reading {
  std::size_t samples = 0;  // of a series given twice with the same value: one
  double sum = 0;
  double least = std::numeric_limits<double>::infinity();  // shows a negative sample that the sum hides
  std::optional<std::int64_t> oldest, newest;  // of the timestamps that samples carry, milliseconds since the epoch
  std::string fault;  // not empty when a line of this name, or the page as a whole, cannot be read: what and where

  // No line of this name, readable or not.
  bool absent() const { return samples == 0 && fault.empty(); }

  // The sum when it may be believed: some sample, no fault, nothing negative, NaN or infinite. Nothing is never zero.
  std::optional<double> value() const;

  // Why there is no value(), for people; "" when there is one.
  std::string doubt() const;
};

// One reading for each name, in their order. One pass, which allocates nothing for lines of other names.
// A line that cannot be read spoils the reading whose name it begins with, and no other. A series that is given twice
// with different values is a fault, and so are a page beyond page_limit, cut or with too many samples.
std::vector<gauge_reading> find_gauges(std::string_view page, std::span<const std::string> names,
                                       last_line last = last_line::may_lack_newline);

// Hands every sample to `take`, in their order. Stops at the first line that cannot be read, whatever its name.
proto::result<void> for_each_sample(std::string_view page, const std::function<void(const sample&)>& take,
                                    last_line last = last_line::may_lack_newline);

}  // namespace ebb::prometheus
