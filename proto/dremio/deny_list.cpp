#include "proto/dremio/deny_list.hpp"

#include <boost/json.hpp>

#include "proto/json.hpp"

namespace ebb::dremio {
namespace {

constexpr proto::json_source source{"deny list", deny_list_body_limit};

proto::parse_error beyond(std::string_view place, std::size_t is, std::size_t limit, std::string_view unit) {
  return {source.name, std::string(place) + " has " + std::to_string(is) + " " + std::string(unit) +
                           ", expected at most " + std::to_string(limit)};
}

}  // namespace

proto::result<std::vector<std::string>> parse_deny_list(std::string_view body) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return document.error();
  simdjson::dom::array array;
  if (document->root().get(array) != simdjson::SUCCESS) {
    return proto::unexpected(source, "", document->root(), "an array of strings");
  }
  std::vector<std::string> entries;
  for (const simdjson::dom::element element : array) {
    std::string_view entry;
    const auto place = [&] { return "[" + std::to_string(entries.size()) + "]"; };
    if (element.get(entry) != simdjson::SUCCESS) return proto::unexpected(source, place(), element, "a string");
    if (entry.size() > deny_list_entry_limit) return beyond(place(), entry.size(), deny_list_entry_limit, "bytes");
    if (entries.size() == deny_list_entries_limit) {
      return beyond("the list", entries.size() + 1, deny_list_entries_limit, "entries or more");
    }
    entries.emplace_back(entry);
  }
  return entries;
}

std::string write_deny_list(std::span<const std::string> entries) {
  boost::json::array array;
  array.reserve(entries.size());
  for (const std::string& entry : entries) array.emplace_back(boost::json::string(entry));
  return boost::json::serialize(array);
}

}  // namespace ebb::dremio
