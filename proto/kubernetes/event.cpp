#include "proto/kubernetes/event.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include <boost/json.hpp>

#include "proto/printable.hpp"

namespace ebb::kubernetes {
namespace {

namespace json = boost::json;

json::string cut(std::string_view text, std::size_t limit) { return json::string(proto::printable(text, limit)); }

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Labels of a-z, 0-9 and '-' that begin and end with a letter or digit, with points between them; at most `limit`
// bytes.
std::string subdomain(std::string_view text, std::size_t limit) {
  std::string name;
  for (char c : text.substr(0, limit)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool at_start = name.empty() || name.back() == '.';
    if (c == '.') {
      while (name.ends_with('-')) name.pop_back();
      if (!name.empty() && !name.ends_with('.')) name += '.';
    } else if (is_alphanumeric(c)) {
      name += c;
    } else if (!at_start) {
      name += '-';
    }
  }
  while (!name.empty() && !is_alphanumeric(name.back())) name.pop_back();
  return name.empty() ? "x" : name;
}

}  // namespace

std::string write_event(const event& object) {
  json::object regarding;
  regarding["apiVersion"] = json::string(object.regarding.api_version);
  regarding["kind"] = json::string(object.regarding.kind);
  regarding["namespace"] = json::string(object.name_space);
  regarding["name"] = json::string(object.regarding.name);
  regarding["uid"] = json::string(object.regarding.uid);

  json::object meta;
  meta["name"] = json::string(object.name);
  meta["namespace"] = json::string(object.name_space);

  json::object out;
  out["apiVersion"] = "events.k8s.io/v1";
  out["kind"] = "Event";
  out["metadata"] = std::move(meta);
  out["eventTime"] = json::string(write_micro_time(object.time));
  out["type"] = object.type == event_type::normal ? "Normal" : "Warning";
  out["reportingController"] = json::string(object.controller);
  out["reportingInstance"] = cut(object.instance, event_word_limit);
  out["action"] = cut(object.action, event_word_limit);
  out["reason"] = cut(object.reason, event_word_limit);
  out["note"] = cut(object.note, event_note_limit);
  out["regarding"] = std::move(regarding);
  return json::serialize(out);
}

std::string event_name(std::string_view object, std::chrono::sys_time<std::chrono::nanoseconds> time) {
  std::array<char, 2 * sizeof(std::uint64_t)> digits{};
  const auto count = static_cast<std::uint64_t>(time.time_since_epoch().count());
  const auto end = std::to_chars(digits.begin(), digits.end(), count, 16).ptr;
  const std::string suffix = '.' + std::string(digits.begin(), end);
  return subdomain(object, subdomain_limit - suffix.size()) + suffix;
}

}  // namespace ebb::kubernetes
