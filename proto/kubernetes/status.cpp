#include "proto/kubernetes/status.hpp"

#include <algorithm>

#include "proto/kubernetes/reading.hpp"
#include "proto/printable.hpp"

namespace ebb::kubernetes {
namespace {

constexpr proto::json_source source{"status", object_body_limit};
constexpr std::int64_t highest_code = 999;

status read_status(proto::json_fields& fields) {
  status read;
  read.from_api = true;
  const std::optional<std::int64_t> code = fields.integer("code");
  if (code && *code >= 0 && *code <= highest_code) read.code = static_cast<int>(*code);
  read.reason = read_text(fields, "reason");
  read.message = read_text(fields, "message");
  proto::json_fields details = fields.object("details");
  read.retry_after = read_seconds(details, "retryAfterSeconds");
  if (read.retry_after == std::chrono::seconds(0)) read.retry_after.reset();
  for (proto::json_fields& cause : details.objects("causes")) {
    if (read.causes.size() == causes_limit) break;
    read.causes.push_back(read_text(cause, "reason"));
  }
  return read;
}

}  // namespace

bool status::has_cause(std::string_view name) const { return std::ranges::find(causes, name) != causes.end(); }

status parse_status(std::string_view body) {
  proto::result<status> read = read_object(source, body, "Status", &read_status);
  if (read) return std::move(*read);
  status text;
  text.message = proto::printable(body, reason_limit);
  return text;
}

}  // namespace ebb::kubernetes
