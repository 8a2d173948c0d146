#include "proto/kubernetes/reading.hpp"

#include <algorithm>

#include "proto/printable.hpp"

namespace ebb::kubernetes {
namespace {

std::map<std::string, std::string> read_own(proto::json_fields& meta, std::string_view key) {
  std::map<std::string, std::string> own;
  const std::optional<simdjson::dom::element> all = meta.any(key);
  simdjson::dom::object object;
  if (!all) return own;
  if (all->get(object) != simdjson::SUCCESS) meta.fail(key, "is no object, expected one of strings");
  for (const auto& [name, value] : object) {
    std::string_view text;
    if (!name.starts_with(own_prefix)) continue;
    if (value.get(text) != simdjson::SUCCESS) {
      meta.fail(key, "has a value that is no string for " + proto::quoted_excerpt(name));
    }
    own.emplace(name, text);
  }
  return own;
}

owner_reference read_owner(proto::json_fields& fields) {
  owner_reference owner;
  owner.api_version = fields.string("apiVersion");
  owner.kind = fields.string("kind");
  owner.name = fields.string("name");
  owner.uid = fields.string("uid");
  owner.controller = fields.boolean("controller").value_or(false);
  return owner;
}

template <class T>
std::optional<T> read_time(proto::json_fields& fields, std::string_view key,
                           std::optional<T> (*parse)(std::string_view)) {
  const std::string text = fields.string(key);
  if (text.empty()) return std::nullopt;
  const std::optional<T> time = parse(text);
  if (!time) fields.fail(key, "is " + proto::quoted_excerpt(text) + ", expected a time of RFC 3339");
  return time;
}

}  // namespace

void expect_kind(proto::json_fields& object, std::string_view kind) {
  const std::string is = object.required_string("kind");
  if (is != kind) object.fail("kind", "is " + proto::quoted_excerpt(is) + ", expected " + proto::quoted_excerpt(kind));
}

object_meta read_meta(proto::json_fields& object) {
  proto::json_fields fields = object.object("metadata");
  object_meta meta;
  meta.name = fields.required_string("name");
  meta.name_space = fields.string("namespace");
  meta.uid = fields.required_string("uid");
  meta.resource_version = fields.string("resourceVersion");
  meta.deletion_timestamp = read_time(fields, "deletionTimestamp", &parse_time);
  meta.deletion_grace = read_seconds(fields, "deletionGracePeriodSeconds");
  meta.labels = read_own(fields, "labels");
  meta.annotations = read_own(fields, "annotations");
  for (proto::json_fields& owner : fields.objects("ownerReferences")) meta.owners.push_back(read_owner(owner));
  return meta;
}

std::optional<std::chrono::seconds> read_seconds(proto::json_fields& fields, std::string_view key) {
  const std::optional<std::int64_t> count = fields.integer(key);
  if (!count) return std::nullopt;
  return std::chrono::seconds(std::clamp<std::int64_t>(*count, 0, longest_duration.count()));
}

std::optional<micro_time> read_micro_time(proto::json_fields& fields, std::string_view key) {
  return read_time(fields, key, &parse_micro_time);
}

std::optional<condition> read_condition(proto::json_fields& status, std::string_view type) {
  for (proto::json_fields& one : status.objects("conditions")) {
    if (one.string("type") == type)
      return condition{one.string("status"), read_text(one, "reason"), read_text(one, "message")};
  }
  return std::nullopt;
}

std::string read_text(proto::json_fields& fields, std::string_view key) {
  return proto::printable(fields.string(key), reason_limit);
}

}  // namespace ebb::kubernetes
