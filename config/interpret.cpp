#include "config/interpret.hpp"

#include <charconv>
#include <cmath>

#include "config/duration.hpp"
#include "config/signals.hpp"
#include "config/suggest.hpp"
#include "config/syntax.hpp"
#include "config/utf8.hpp"

namespace ebb::config {
namespace {

interpreted fine(value result) { return {std::move(result), {}}; }

interpreted faulty(const key& of, std::string_view what) {
  return {std::nullopt, std::string(what) + "; write " + allowed(of)};
}

interpreted wrong_shape(const key& of, const node& said) { return faulty(of, "is " + std::string(shape(said))); }

interpreted choice_of(const key& of, const std::string& text) {
  std::vector<std::string> names(of.choices.begin(), of.choices.end());
  for (const auto& name : names)
    if (name == text) return fine(text);
  auto out = faulty(of, "is not known");
  out.fault += suggestion(text, names);
  return out;
}

std::string_view text_fault(const key& of, const std::string& text) {
  if (text.size() > longest_text) return "is longer than 8 KiB";
  if (has_control_characters(text)) return "has control characters in it";
  if (!is_utf8(text)) return "is not UTF-8";
  if (text.empty()) return of.required ? "is empty" : "";
  switch (of.type) {
    case kind::url: return url_fault(text);
    case kind::address: return address_fault(text);
    case kind::matchers: return matchers_fault(text);
    case kind::secret: return text == "***" ? "is the mask that stands for a secret" : "";
    default: return {};
  }
}

interpreted text_of(const key& of, const std::string& text) {
  if (auto fault = text_fault(of, text); !fault.empty()) return faulty(of, fault);
  if (of.type == kind::choice) return choice_of(of, text);
  if (of.type != kind::signal) return fine(text);
  auto name = signal_name(text);
  return name ? fine(*name) : faulty(of, "is not a signal that may be chosen");
}

interpreted span_of(const key& of, const std::string& text) {
  if (of.type == kind::span_or_auto && text == "auto") return fine(std::optional<duration>{});
  const auto [span, fault] = parse_duration(text);
  if (fault == duration_fault::no_unit) return faulty(of, "has no unit, such as \"" + text.substr(0, 20) + "s\"");
  if (fault != duration_fault::none) return faulty(of, describe(fault));
  if (span.count() < of.low) return faulty(of, "is too short");
  if (span.count() > of.high) return faulty(of, "is too long");
  return fine(std::optional(span));
}

// A TOML duration without quotes: the mend is shown with the number that was meant.
interpreted bare_number(const key& of, std::int64_t number) {
  return faulty(of, "is a number without a unit, such as \"" + std::to_string(number) + "s\"");
}

interpreted integer_of(const key& of, std::int64_t number) {
  if (number < of.low) return faulty(of, "is too small");
  if (number > of.high) return faulty(of, "is too large");
  return fine(number);
}

interpreted number_of(const key& of, double number) {
  if (!std::isfinite(number)) return faulty(of, "is not a finite number");
  if (number < static_cast<double>(of.low)) return faulty(of, "is too small");
  if (number > static_cast<double>(of.high)) return faulty(of, "is too large");
  return fine(number);
}

interpreted codes_of(const key& of, const node_list& list) {
  std::vector<int> codes;
  for (const auto& item : list) {
    const auto* number = std::get_if<std::int64_t>(&item.is);
    if (!number) return faulty(of, "has an entry that is " + std::string(shape(item)));
    if (*number < of.low || *number > of.high) return faulty(of, "has an entry out of bounds");
    codes.push_back(static_cast<int>(*number));
  }
  return fine(std::move(codes));
}

interpreted texts_of(const key& of, const node_list& list) {
  std::vector<std::string> texts;
  for (const auto& item : list) {
    const auto* text = std::get_if<std::string>(&item.is);
    if (!text) return faulty(of, "has an entry that is " + std::string(shape(item)));
    if (text->size() > longest_text) return faulty(of, "has an entry longer than 8 KiB");
    if (of.type == kind::metrics) {
      if (auto fault = metric_fault(*text); !fault.empty())
        return faulty(of, "has an entry that " + std::string(fault));
      texts.push_back(*text);
    } else if (of.type == kind::taints) {
      if (auto fault = taint_fault(*text); !fault.empty()) return faulty(of, "has an entry that " + std::string(fault));
      texts.push_back(*text);
    } else {
      auto name = signal_name(*text);
      if (!name) return faulty(of, "has an entry that is not a signal that may be chosen");
      texts.push_back(*name);
    }
  }
  return fine(std::move(texts));
}

interpreted list_of(const key& of, const node_list& list) {
  if (list.size() > longest_list) return faulty(of, "has more than 32 entries");
  if (list.empty() && of.required) return faulty(of, "is empty");
  return of.type == kind::codes ? codes_of(of, list) : texts_of(of, list);
}

// A whole text as a number; nothing when a part of it is left over.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number out{};
  const auto* end = text.data() + text.size();
  auto [stopped, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && stopped == end ? std::optional(out) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

node whole_number(std::string_view text) {
  if (auto number = number_in<std::int64_t>(text)) return {*number};
  return {std::string(text)};
}

node list_in(const key& of, std::string_view text) {
  node_list out;
  while (!text.empty()) {
    const auto item = trimmed(text.substr(0, text.find(',')));
    out.push_back(of.type == kind::codes ? whole_number(item) : node{std::string(item)});
    text.remove_prefix(std::min(text.find(','), text.size() - 1) + 1);
  }
  return {std::move(out)};
}

}  // namespace

interpreted interpret(const key& of, const node& said) {
  const auto* text = std::get_if<std::string>(&said.is);
  const auto* whole = std::get_if<std::int64_t>(&said.is);
  switch (of.type) {
    case kind::flag:
      if (const auto* flag = std::get_if<bool>(&said.is)) return fine(*flag);
      break;
    case kind::integer:
      if (whole) return integer_of(of, *whole);
      break;
    case kind::number:
      if (whole) return number_of(of, static_cast<double>(*whole));
      if (const auto* number = std::get_if<double>(&said.is)) return number_of(of, *number);
      break;
    case kind::span:
    case kind::span_or_auto:
      if (whole) return bare_number(of, *whole);
      if (text) return span_of(of, *text);
      break;
    case kind::metrics:
    case kind::taints:
    case kind::signals:
    case kind::codes:
      if (const auto* list = std::get_if<node_list>(&said.is)) return list_of(of, *list);
      break;
    default:
      if (text) return text_of(of, *text);
  }
  return wrong_shape(of, said);
}

node node_of_text(const key& of, std::string_view text) {
  text = trimmed(text);
  switch (of.type) {
    case kind::flag:
      if (text == "true" || text == "false") return {text == "true"};
      break;
    case kind::integer: return whole_number(text);
    case kind::number:
      if (auto number = number_in<double>(text)) return {*number};
      break;
    case kind::metrics:
    case kind::taints:
    case kind::signals:
    case kind::codes: return list_in(of, text);
    default: break;
  }
  return {std::string(text)};
}

}  // namespace ebb::config
