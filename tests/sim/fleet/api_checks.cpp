#include "tests/sim/fleet/api_checks.hpp"

#include <boost/json/value.hpp>

#include "tests/sim/fleet/api_request.hpp"

namespace ebb::sim {

namespace {

api_refusal bad(std::string message) { return {400, "BadRequest", std::move(message)}; }
api_refusal invalid(std::string message) { return {422, "Invalid", std::move(message)}; }

bool is_subdomain(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  char last = '.';
  for (const char c : name) {
    const bool alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!alnum && ((c != '-' && c != '.') || last == '.')) return false;
    if (c == '.' && last == '-') return false;
    last = c;
  }
  return last != '-' && last != '.';
}

bool is_label_value(std::string_view value) {
  if (value.size() > 63) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const bool inner = i > 0 && i + 1 < value.size() && (c == '-' || c == '_' || c == '.');
    if (!alnum && !inner) return false;
  }
  return true;
}

std::optional<api_refusal> refuse_times(const api_object& o, std::initializer_list<std::string_view> path) {
  const auto* at = find_at(o, path);
  if (at == nullptr || at->is_null()) return std::nullopt;
  if (at->is_string() && is_micro_time(std::string_view(at->get_string()))) return std::nullopt;
  return bad("cannot be handled as it has a time that is no MicroTime: parsing time \"" + text_at(o, path) +
             "\" as \"2006-01-02T15:04:05.000000Z07:00\"");
}

std::optional<api_refusal> refuse_lease(const api_object& o) {
  if (auto r = refuse_times(o, {"spec", "acquireTime"})) return r;
  if (auto r = refuse_times(o, {"spec", "renewTime"})) return r;
  const auto* duration = find_at(o, {"spec", "leaseDurationSeconds"});
  if (duration != nullptr && !duration->is_null()) {
    if (!duration->is_int64()) return bad("spec.leaseDurationSeconds: expected an integer");
    if (duration->get_int64() <= 0) return invalid("spec.leaseDurationSeconds: must be greater than 0");
  }
  if (number_at(o, {"spec", "leaseTransitions"}).value_or(0) < 0)
    return invalid("spec.leaseTransitions: must be greater than or equal to 0");
  return std::nullopt;
}

std::optional<api_refusal> refuse_event(const std::string& name_space, const api_object& o) {
  if (auto r = refuse_times(o, {"eventTime"})) return r;
  if (text_at(o, {"eventTime"}).empty()) return invalid("eventTime: Required value");
  constexpr std::size_t longest = 128, longest_note = 1024;
  for (const auto* key : {"reportingController", "reportingInstance", "action", "reason"})
    if (const auto text = text_at(o, {key}); text.empty() || text.size() > longest)
      return invalid(std::string(key) + ": Required value, at most 128 bytes");
  if (const auto type = text_at(o, {"type"}); type != "Normal" && type != "Warning")
    return invalid("type: Invalid value: \"" + type + "\"");
  if (text_at(o, {"note"}).size() > longest_note) return invalid("note: can have at most 1024 bytes");
  if (text_at(o, {"regarding", "namespace"}) != name_space)
    return invalid("regarding.namespace: does not match event.namespace");
  for (const auto& field : o)
    if (field.key().starts_with("deprecated") && !field.value().is_null())
      return invalid(std::string(field.key()) + ": needs to be unset");
  if (const auto* series = find_at(o, {"series"}); series != nullptr && !series->is_null())
    if (number_at(o, {"series", "count"}).value_or(0) < 2) return invalid("series.count: should be at least 2");
  return std::nullopt;
}

}  // namespace

std::optional<api_refusal> refuse_object(const std::string& resource, const std::string& name_space,
                                         const api_object& o) {
  const auto name = text_at(o, {"metadata", "name"});
  if (!is_subdomain(name)) return invalid("metadata.name: Invalid value: \"" + name + "\"");
  if (const auto* labels = find_at(o, {"metadata", "labels"}); labels != nullptr && labels->is_object())
    for (const auto& label : labels->get_object())
      if (!label.value().is_string() || !is_label_value(std::string_view(label.value().get_string())))
        return invalid("metadata.labels: Invalid value of \"" + std::string(label.key()) + "\"");
  if (const auto given = text_at(o, {"metadata", "namespace"}); !given.empty() && given != name_space)
    return bad("the namespace of the provided object does not match the namespace sent on the request");
  if (resource == resource::leases) return refuse_lease(o);
  if (resource == resource::events) return refuse_event(name_space, o);
  return std::nullopt;
}

}  // namespace ebb::sim
