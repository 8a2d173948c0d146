#pragma once
// What reading any object of Kubernetes has in common. For this folder's sources only: it includes simdjson.
#include "proto/json.hpp"
#include "proto/kubernetes/condition.hpp"
#include "proto/kubernetes/object_list.hpp"
#include "proto/kubernetes/object_meta.hpp"

namespace ebb::kubernetes {

// Fails unless the object says that it is of that kind: `{}` is no empty list of pods. Objects in a list do not say.
void expect_kind(proto::json_fields& object, std::string_view kind);

// The object's metadata. Name and uid are required.
object_meta read_meta(proto::json_fields& object);

std::optional<std::chrono::seconds> read_seconds(proto::json_fields& fields, std::string_view key);  // 0 to 10 years
std::optional<micro_time> read_micro_time(proto::json_fields& fields, std::string_view key);

// The condition of that type in `status`, or nothing.
std::optional<condition> read_condition(proto::json_fields& status, std::string_view type);

// One printable line of at most reason_limit bytes.
std::string read_text(proto::json_fields& fields, std::string_view key);

template <class T>
proto::result<T> read_object(const proto::json_source& source, std::string_view body, std::string_view kind,
                             T (*read)(proto::json_fields&)) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return document.error();
  proto::json_fields fields(source, "", document->root());
  expect_kind(fields, kind);
  T value = read(fields);
  if (fields.error()) return *fields.error();
  return value;
}

template <class T>
proto::result<object_list<T>> read_list(const proto::json_source& source, std::string_view body, std::string_view kind,
                                        T (*read)(proto::json_fields&)) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return document.error();
  proto::json_fields fields(source, "", document->root());
  expect_kind(fields, kind);
  object_list<T> list;
  proto::json_fields meta = fields.object("metadata");
  list.resource_version = meta.string("resourceVersion");
  list.continue_token = meta.string("continue");
  for (proto::json_fields& item : fields.objects("items")) {
    if (list.items.size() == list_items_limit)
      fields.fail("items", "has more than " + std::to_string(list_items_limit) + " objects, expected at most that");
    if (fields.error()) break;
    list.items.push_back(read(item));
  }
  if (fields.error()) return *fields.error();
  return list;
}

}  // namespace ebb::kubernetes
