#include "config/suggest.hpp"

#include <algorithm>
#include <cctype>

namespace ebb::config {
namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t shortest_beginning = 3;

std::string folded(std::string_view word) {
  std::string out;
  for (char c : word) out += c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Optimal string alignment on three rows.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.empty() || word.size() > longest_word) return {};
  const auto wanted = folded(word);
  std::size_t best = (word.size() < 6 ? 1 : word.size() < 12 ? 2 : 3) + 1;
  std::string found;
  for (const auto& candidate : candidates) {
    const bool begins = wanted.size() >= shortest_beginning && folded(candidate).starts_with(wanted);
    const auto edits = begins ? 1 : distance(wanted, folded(candidate));
    if (edits >= best || edits >= candidate.size()) continue;
    best = edits;
    found = candidate;
  }
  return found;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  auto found = nearest(word, candidates);
  return found.empty() ? found : "; did you mean " + found + "?";
}

}  // namespace ebb::config
