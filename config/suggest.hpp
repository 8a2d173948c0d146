#pragma once
// "Did you mean …?": the candidate nearest to a mistyped word, by edits (insert, drop, replace, swap of neighbours).
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ebb::config {

// A candidate is near when one edit makes it (two from 6 characters on, three from 12), or when the word is its
// beginning. Empty when none is. Case and the difference between '-' and '_' do not count. Words beyond 64 characters
// have no neighbours.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// "; did you mean X?" or nothing.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace ebb::config
