#include "proto/dremio/node_list.hpp"

#include "proto/json.hpp"

namespace ebb::dremio {
namespace {

constexpr proto::json_source source{"node list", node_list_body_limit};

proto::result<node_row> read_row(std::string place, const simdjson::dom::element& element) {
  proto::json_fields fields(source, std::move(place), element);
  node_row row;
  row.name = fields.string("name");
  row.host = fields.string("host");
  row.ip = fields.string("ip");
  row.port = fields.integer("port");
  row.status = fields.string("status");
  row.is_master = fields.boolean("isMaster").value_or(false);
  row.is_coordinator = fields.boolean("isCoordinator").value_or(false);
  row.is_executor = fields.boolean("isExecutor").value_or(false);
  row.is_compatible = fields.boolean("isCompatible");
  row.is_denied = fields.boolean("isBlacklisted");
  row.engine = fields.string("nodeTag");
  row.version = fields.string("version");
  row.details = fields.string("details");
  row.start = proto::parse_iso_time(fields.string("start"));
  if (fields.error()) return *fields.error();
  return row;
}

}  // namespace

proto::result<std::vector<node_row>> parse_node_list(std::string_view body) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return document.error();
  simdjson::dom::array array;
  if (document->root().get(array) != simdjson::SUCCESS) {
    return proto::unexpected(source, "", document->root(), "an array of nodes");
  }
  std::vector<node_row> rows;
  for (const simdjson::dom::element element : array) {
    if (rows.size() == node_list_rows_limit) {
      return proto::parse_error(source.name, "more than " + std::to_string(node_list_rows_limit) + " nodes");
    }
    proto::result<node_row> row = read_row("[" + std::to_string(rows.size()) + "]", element);
    if (!row) return row.error();
    rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace ebb::dremio
