#include "proto/printable.hpp"

namespace ebb::proto {
namespace {

constexpr std::string_view ellipsis = "...";
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

unsigned char byte_at(std::string_view text, std::size_t index) { return static_cast<unsigned char>(text[index]); }

// Separates words on a terminal or in a log: nothing that moves the cursor may pass.
bool separates(std::string_view sequence) {
  const unsigned char first = byte_at(sequence, 0);
  if (sequence.size() == 1) return first <= 0x20 || first == 0x7f;
  if (sequence.size() == 2) return first == 0xc2 && byte_at(sequence, 1) < 0xa0;
  return sequence == "\u2028" || sequence == "\u2029";
}

// The largest prefix of valid UTF-8 that has at most `limit` bytes.
std::size_t whole_characters(std::string_view text, std::size_t limit) {
  std::size_t end = limit;
  while (end > 0 && (byte_at(text, end) & 0xc0) == 0x80) --end;
  return end;
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte_at(text, 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second >= 0xa0;
  const bool beyond = first == 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string line;
  bool word_break = false;
  while (!text.empty() && line.size() <= limit) {
    const std::size_t length = utf8_sequence_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(sequence.size());
    if (length != 0 && separates(sequence)) {
      word_break = !line.empty();
      continue;
    }
    if (word_break) line += ' ';
    word_break = false;
    line.append(length == 0 ? "?" : sequence);
  }
  if (line.size() > limit) {
    const std::size_t room = limit > ellipsis.size() ? limit - ellipsis.size() : 0;
    line.resize(whole_characters(line, room));
    if (line.ends_with(' ')) line.pop_back();
    line += ellipsis.substr(0, limit - room);
  }
  return line;
}

std::string well_formed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = utf8_sequence_length(text);
    out.append(length == 0 ? replacement : text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string quoted_excerpt(std::string_view text) { return '"' + printable(text) + '"'; }

}  // namespace ebb::proto
