#include "agent/probes/page.hpp"

#include <boost/json.hpp>

#include "agent/core/duration_text.hpp"
#include "agent/probes/status.hpp"

namespace ebb::probes {

namespace json = boost::json;

namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width">
<title>Ebb</title><style>
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:48rem;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:1.6rem 0 .3rem;opacity:.7}
table{border-collapse:collapse;width:100%}td{padding:.15rem .6rem .15rem 0;vertical-align:top;border-top:1px solid #8883}
td:first-child{width:12rem;opacity:.7}.state{font-size:2rem;font-weight:600}.bad{color:#c33}
</style></head><body>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string shown(const json::value& v) {
  if (v.is_null()) return "–";
  if (v.is_string()) return v.as_string().empty() ? "–" : escaped(v.as_string());
  if (v.is_array()) {
    std::string out;
    for (const auto& e : v.as_array()) out += (out.empty() ? "" : ", ") + shown(e);
    return out.empty() ? "–" : out;
  }
  return escaped(json::serialize(v));
}

std::string table(const json::object& o) {
  std::string out = "<table>";
  for (const auto& [key, value] : o) {
    std::string name(key);
    for (auto& c : name)
      if (c == '_') c = ' ';
    const bool bad = key == "error" && value.is_string() && !value.as_string().empty();
    out += "<tr><td>" + escaped(name) + "</td><td" + (bad ? " class=\"bad\"" : "") + ">" + shown(value) + "</td></tr>";
  }
  return out + "</table>";
}

}  // namespace

std::string html_page(const sources& s) {
  const auto status = json::parse(status_json(s)).as_object();
  std::string out(head);
  out += "<h1>" + shown(status.at("node").at("name")) + "</h1><div class=\"state\">" + shown(status.at("state"));
  if (const auto& phase = status.at("phase").as_string(); !phase.empty()) out += " · " + escaped(phase);
  out += "</div><p>since " + shown(status.at("since")) + ", causes: " + shown(status.at("causes")) + "</p>";
  if (!status.at("reason").as_string().empty()) out += "<p>" + shown(status.at("reason")) + "</p>";
  for (const auto* part : {"drain", "executor", "deny_list"})
    if (const auto& v = status.at(part); v.is_object())
      out += "<h2>" + std::string(part == std::string_view("deny_list") ? "deny list" : part) + "</h2>" +
             table(v.as_object());
  for (const auto& [name, value] : status.at("upstreams").as_object())
    if (!value.as_object().empty()) out += "<h2>" + std::string(name) + "</h2>" + table(value.as_object());
  return out + "<p><a href=\"/status\">status</a> · <a href=\"/metrics\">metrics</a> · Ebb " + escaped(s.version) +
         "</p></body></html>\n";
}

}  // namespace ebb::probes
