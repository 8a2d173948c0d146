#include "tests/sim/fleet/api_object.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "agent/core/rfc3339.hpp"

namespace ebb::sim {

namespace json = boost::json;

const json::value* find_at(const api_object& o, std::initializer_list<std::string_view> path) {
  const api_object* in = &o;
  const json::value* found = nullptr;
  for (const auto key : path) {
    if (in == nullptr) return nullptr;
    found = in->if_contains(key);
    if (found == nullptr) return nullptr;
    in = found->if_object();
  }
  return found;
}

std::string text_at(const api_object& o, std::initializer_list<std::string_view> path) {
  const auto* found = find_at(o, path);
  const auto* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::optional<std::int64_t> number_at(const api_object& o, std::initializer_list<std::string_view> path) {
  const auto* found = find_at(o, path);
  const auto* number = found == nullptr ? nullptr : found->if_int64();
  if (number == nullptr) return std::nullopt;
  return *number;
}

api_object& object_at(api_object& o, std::string_view key) {
  auto& at = o[key];
  if (!at.is_object()) at.emplace_object();
  return at.get_object();
}

std::size_t index_of(const json::array& list, std::string_view key, std::string_view value) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (const auto* o = list[i].if_object(); o != nullptr && text_at(*o, {key}) == value) return i;
  return list.size();
}

std::string whole_seconds(rt::wall_time at) { return core::rfc3339(at).substr(0, 19) + "Z"; }

namespace {

// The digits of `text` at that place as a number; nothing when there is anything else among them.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int n = 0;
  const char* end = text.data() + from + count;
  for (const char* c = text.data() + from; c != end; ++c)
    if (*c < '0' || *c > '9') return std::nullopt;
  std::from_chars(text.data() + from, end, n);
  return n;
}

}  // namespace

std::optional<rt::wall_time> parse_whole_seconds(std::string_view t) {
  using namespace std::chrono;
  if (t.size() != 20 || t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || t[16] != ':' || t[19] != 'Z')
    return std::nullopt;
  const auto y = digits(t, 0, 4), mo = digits(t, 5, 2), d = digits(t, 8, 2);
  const auto h = digits(t, 11, 2), mi = digits(t, 14, 2), s = digits(t, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d))};
  if (!date.ok() || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  return rt::wall_time(sys_days(date) + hours(*h) + minutes(*mi) + seconds(*s));
}

bool is_micro_time(std::string_view t) {
  if (t.size() != 27 || t[19] != '.' || t[26] != 'Z' || !digits(t, 20, 6)) return false;
  return parse_whole_seconds(std::string(t.substr(0, 19)) + "Z").has_value();
}

std::string status_text(unsigned code, std::string_view reason, std::string_view message, api_object details) {
  api_object o;
  o["kind"] = "Status";
  o["apiVersion"] = "v1";
  o["metadata"] = api_object{};
  o["status"] = "Failure";
  o["message"] = message;
  if (!reason.empty()) o["reason"] = reason;
  if (!details.empty()) o["details"] = std::move(details);
  o["code"] = code;
  return json::serialize(o);
}

}  // namespace ebb::sim
