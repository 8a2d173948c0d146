#include "tools/lab/model/form.hpp"

#include <charconv>

namespace ebb::lab {
namespace {

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() &&
               std::from_chars(&text[i + 1], &text[i + 1] + 2, value, 16).ptr == &text[i + 1] + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::map<std::string, std::string, std::less<>> read_form(std::string_view body) {
  std::map<std::string, std::string, std::less<>> out;
  while (!body.empty()) {
    const auto field = body.substr(0, body.find('&'));
    body.remove_prefix(field.size() < body.size() ? field.size() + 1 : body.size());
    const auto equals = field.find('=');
    if (field.empty()) continue;
    out[decode(field.substr(0, equals))] =
        equals == std::string_view::npos ? std::string() : decode(field.substr(equals + 1));
  }
  return out;
}

}  // namespace ebb::lab
