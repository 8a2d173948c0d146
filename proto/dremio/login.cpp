#include "proto/dremio/login.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "proto/json.hpp"

namespace ebb::dremio {
namespace {

constexpr proto::json_source source{"login reply", login_body_limit, proto::citing::nothing};

std::optional<bool> read_permission(proto::json_fields& fields, std::string_view key) {
  const std::optional<simdjson::dom::element> permissions = fields.any("permissions");
  if (!permissions) return std::nullopt;
  proto::json_fields inner(source, "permissions", *permissions);
  const std::optional<bool> granted = inner.boolean(key);
  if (inner.error()) fields.fail(*inner.error());
  return granted;
}

}  // namespace

std::string write_login(const login_request& request) {
  boost::json::object body;
  body["userName"] = boost::json::string(request.user);
  body["password"] = boost::json::string(request.password);
  return boost::json::serialize(body);
}

proto::result<login_reply> parse_login_reply(std::string_view body) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return document.error();
  proto::json_fields fields(source, "", document->root());
  login_reply reply;
  reply.token = fields.required_string("token");
  if (const std::optional<std::int64_t> expires = fields.integer("expires")) {
    reply.expires = proto::milliseconds_since_epoch(std::chrono::milliseconds(*expires));
  }
  reply.cluster_id = fields.string("clusterId");
  reply.version = fields.string("version");
  reply.admin = fields.boolean("admin");
  reply.can_manage_node_activity = read_permission(fields, "canManageNodeActivity");
  if (!is_token(reply.token)) fields.fail("token", "is not fit for a header, expected printable ASCII without blanks");
  if (fields.error()) return *fields.error();
  return reply;
}

bool is_token(std::string_view token) {
  return !token.empty() && token.size() <= token_limit &&
         std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace ebb::dremio
