#include "proto/kubernetes/watch.hpp"

#include <array>
#include <utility>

#include "proto/kubernetes/reading.hpp"
#include "proto/printable.hpp"

namespace ebb::kubernetes {
namespace {

constexpr proto::json_source source{"watch event", watch_frame_limit};

constexpr std::array<std::pair<std::string_view, watch_event_type>, 5> types{{
    {"ADDED", watch_event_type::added},
    {"MODIFIED", watch_event_type::modified},
    {"DELETED", watch_event_type::deleted},
    {"BOOKMARK", watch_event_type::bookmark},
    {"ERROR", watch_event_type::error},
}};

watch_event_type read_type(proto::json_fields& fields) {
  const std::string text = fields.required_string("type");
  for (const auto& [name, type] : types) {
    if (text == name) return type;
  }
  fields.fail("type", "is " + proto::quoted_excerpt(text) + ", expected ADDED, MODIFIED, DELETED, BOOKMARK or ERROR");
  return watch_event_type::error;
}

}  // namespace

proto::result<std::vector<std::string>> watch_splitter::put(std::string_view bytes) {
  std::vector<std::string> lines;
  while (!failed_ && !bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (line_.size() + piece.size() > watch_frame_limit) {
      failed_ = true;
      break;
    }
    line_.append(piece);
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    if (line_.find_first_not_of(" \t\r") != std::string::npos) lines.push_back(std::move(line_));
    line_.clear();
  }
  if (!failed_) return lines;
  line_ = {};
  return proto::parse_error(
      source.name, "has more than " + std::to_string(watch_frame_limit) + " bytes, expected a line of at most that");
}

proto::result<watch_event> parse_watch_event(std::string_view line) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, line);
  if (!document) return document.error();
  proto::json_fields fields(source, "", document->root());
  watch_event event;
  event.type = read_type(fields);
  const std::optional<simdjson::dom::element> object = fields.any("object");
  if (!object) fields.fail("object", "is missing, expected an object");
  if (event.type != watch_event_type::error) {
    event.resource_version = fields.object("object").object("metadata").required_string("resourceVersion");
  }
  if (fields.error()) return *fields.error();
  event.object = simdjson::minify(*object);
  return event;
}

}  // namespace ebb::kubernetes
