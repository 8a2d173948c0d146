#include "proto/kubernetes/service.hpp"

#include "proto/kubernetes/reading.hpp"

namespace ebb::kubernetes {
namespace {

constexpr proto::json_source source{"service", object_body_limit};

service read_service(proto::json_fields& fields) {
  service read;
  read.meta = read_meta(fields);
  proto::json_fields spec = fields.object("spec");
  read.headless = spec.string("clusterIP") == "None";
  read.publish_not_ready = spec.boolean("publishNotReadyAddresses").value_or(false);
  return read;
}

}  // namespace

proto::result<service> parse_service(std::string_view body) {
  return read_object(source, body, "Service", &read_service);
}

}  // namespace ebb::kubernetes
