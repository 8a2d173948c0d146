#include "config/node.hpp"

#include <array>
#include <charconv>

#include "config/syntax.hpp"

namespace ebb::config {
namespace {

struct shape_of {
  std::string_view operator()(const std::string&) const { return "a string"; }
  std::string_view operator()(bool) const { return "a truth value"; }
  std::string_view operator()(std::int64_t) const { return "a whole number"; }
  std::string_view operator()(double) const { return "a number with a fraction"; }
  std::string_view operator()(const node_list&) const { return "a list"; }
  std::string_view operator()(foreign other) const { return other.what; }
};

struct text_of {
  std::string operator()(const std::string& text) const { return shown(text); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const {
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
  }
  std::string operator()(const node_list& list) const {
    constexpr std::size_t first_ones = 4;
    std::string out = "[";
    for (std::size_t i = 0; i < list.size() && i < first_ones; ++i) out.append(i ? ", " : "").append(shown(list[i]));
    return out + (list.size() > first_ones ? ", …]" : "]");
  }
  std::string operator()(foreign) const { return "…"; }
};

}  // namespace

std::string_view shape(const node& of) { return std::visit(shape_of{}, of.is); }

std::string shown(const node& of) { return std::visit(text_of{}, of.is); }

}  // namespace ebb::config
