#include "proto/dremio/error_body.hpp"

#include "proto/json.hpp"
#include "proto/printable.hpp"

namespace ebb::dremio {
namespace {

constexpr proto::json_source source{"error", error_body_limit};
constexpr std::size_t html_looked_at = 16 * 1024;

// "<title>" in any case; npos when it is not there.
std::size_t find_tag(std::string_view html, std::string_view tag) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (std::size_t i = 0; i + tag.size() <= html.size(); ++i) {
    std::size_t same = 0;
    while (same < tag.size() && lower(html[i + same]) == tag[same]) ++same;
    if (same == tag.size()) return i;
  }
  return std::string_view::npos;
}

std::string without_tags(std::string_view html) {
  std::string words;
  bool inside = false;
  for (const char c : html) {
    if (c == '<') {
      inside = true;
      words += ' ';
    } else if (c == '>' && inside) {
      inside = false;
    } else if (!inside) {
      words += c;
    }
  }
  return words;
}

std::string text_of_html(std::string_view html) {
  html = html.substr(0, html_looked_at);
  const std::size_t open = find_tag(html, "<title>");
  if (open != std::string_view::npos) {
    const std::string_view inside = html.substr(open + std::string_view("<title>").size());
    const std::string title = proto::printable(inside.substr(0, find_tag(inside, "</title>")), error_text_limit);
    if (!title.empty()) return title;
  }
  return proto::printable(without_tags(html), error_text_limit);
}

bool read_dremio(std::string_view body, std::string& text) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return false;
  proto::json_fields fields(source, "", document->root());
  text = fields.required_string("errorMessage");
  if (fields.error()) return false;
  const std::string more = fields.string("moreInfo");
  if (!more.empty()) text += " (" + more + ")";
  return true;
}

}  // namespace

error_body parse_error_body(std::string_view body) {
  error_body read;
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return read;
  std::string text;
  if (body[first] == '{' && read_dremio(body, text)) {
    read.from_dremio = true;
    read.text = proto::printable(text, error_text_limit);
  } else if (body[first] == '<') {
    read.text = text_of_html(body);
  } else {
    read.text = proto::printable(body, error_text_limit);
  }
  return read;
}

}  // namespace ebb::dremio
