#include "tools/lab/demo/report.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>

namespace ebb::lab {
namespace {

std::string seconds_text(double s) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", s);
  return text;
}

int sum(const story& s, const std::function<int(const node_story&)>& of) {
  int n = 0;
  for (const auto& node : s.nodes) n += of(node);
  return n;
}

std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// Hooks that failed, those of one reason in one line.
std::string failures(const story& s) {
  std::map<std::string, std::string> names;
  for (const auto& n : s.nodes) {
    if (n.failure.empty()) continue;
    auto& list = names[n.failure];
    list += (list.empty() ? "" : ", ") + n.name;
  }
  std::string out;
  for (const auto& [why, who] : names)
    out += "<p class=\"soft\">Hook of " + escaped(who) + ": " + escaped(why) + ".</p>\n";
  return out;
}

int most_fragments(const std::vector<story>& stories) {
  int most = 0;
  for (const auto& s : stories)
    for (const auto& n : s.nodes)
      for (const auto& step : n.running) most = std::max(most, step.running);
  return most;
}

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Ebb: executors stopped under load</title>
<style>
:root{color-scheme:light dark;--paper:#fdfdfb;--ink:#1d2327;--soft:#6b757c;--rule:#dfe3e2;--card:#f4f5f2;
--fragments:#5b8fb0;--denied:#1f7a5c;--stopping:#f3e3bd;--signal:#b0620e;--gone:#59636a;--lost:#c22a2a}
@media (prefers-color-scheme:dark){:root{--paper:#15191c;--ink:#e4e7e6;--soft:#98a3a9;--rule:#30383d;--card:#1d2327;
--fragments:#5f9cc4;--denied:#44b48c;--stopping:#453a20;--signal:#e59b3c;--gone:#aab3b8;--lost:#f06a5f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1060px;padding:2.4rem 1.4rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .4rem;letter-spacing:-.01em}
h2{font-size:1.2rem;margin:2.6rem 0 .2rem}
p{margin:.3rem 0 .8rem;max-width:46rem}.soft,li{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem;margin:1.6rem 0}
.card{background:var(--card);border-radius:10px;padding:1rem 1.2rem}
.card b{display:block;font-size:2.6rem;line-height:1.1;font-variant-numeric:tabular-nums}
.card b.bad{color:var(--lost)}.card b.good{color:var(--denied)}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;min-width:38rem;width:100%}
th,td{text-align:right;padding:.35rem .8rem;border-bottom:1px solid var(--rule);font-weight:400}
th:first-child,td:first-child{text-align:left;padding-left:0}thead th{color:var(--soft)}tr.weighty td{font-weight:650}
svg{width:100%;min-width:640px;height:auto;display:block;font:11px system-ui,sans-serif}
.grid{stroke:var(--rule)}.base{stroke:var(--soft);stroke-width:.8}.axis{fill:var(--soft);text-anchor:middle}
.name{fill:var(--ink);text-anchor:end;font-size:12px}.fragments{fill:var(--fragments)}.denied{fill:var(--denied)}
.stopping{fill:var(--stopping)}.signal{fill:var(--signal)}.gone{stroke:var(--gone);stroke-width:2.5}
.killed{stroke:var(--lost);stroke-dasharray:3 2}.lost{fill:var(--lost)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;font-size:.86rem;color:var(--soft);margin:1rem 0 0}
.legend svg{display:inline-block;width:16px;min-width:0;height:12px;margin-right:.4rem;vertical-align:-1px}
</style></head><body>
)";

constexpr std::string_view legend = R"(<div class="legend">
<span><svg viewBox="0 0 16 12"><rect class="fragments" y="2" width="16" height="10"/></svg>running fragments</span>
<span><svg viewBox="0 0 16 12"><rect class="stopping" width="16" height="12"/></svg>
from the order to stop to the end</span>
<span><svg viewBox="0 0 16 12"><rect class="denied" y="4" width="16" height="5"/></svg>on the deny list</span>
<span><svg viewBox="0 0 16 12"><path class="signal" d="M8 11l-5-8h10z"/></svg>SIGTERM at the executor</span>
<span><svg viewBox="0 0 16 12"><line class="gone" x1="8" x2="8" y2="12"/></svg>gone</span>
<span><svg viewBox="0 0 16 12"><line class="gone killed" x1="8" x2="8" y2="12"/></svg>gone by SIGKILL</span>
<span><svg viewBox="0 0 16 12"><circle class="lost" cx="8" cy="6" r="3.2"/></svg>a query lost</span>
</div>
)";

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

std::vector<figure> figures(const std::vector<story>& stories) {
  std::vector<figure> out;
  const auto add = [&](std::string name, const std::function<std::string(const story&)>& value, bool weighty = false) {
    figure f;
    f.name = std::move(name);
    f.weighty = weighty;
    for (const auto& s : stories) f.values.push_back(value(s));
    out.push_back(std::move(f));
  };
  const auto count = [](auto n) { return std::to_string(n); };
  const auto nodes = [&](int (*of)(const node_story&)) {
    return [of, count](const story& s) { return count(sum(s, of)); };
  };
  const auto list_only = [&](int (*of)(const node_story&)) {
    return [of, count](const story& s) { return s.list_writes == 0 ? std::string("–") : count(sum(s, of)); };
  };
  add("queries started", [&](const story& s) { return count(s.started); });
  add("queries finished", [&](const story& s) { return count(s.finished); });
  add("queries lost", [&](const story& s) { return count(s.lost); }, true);
  add("queries refused, no executor left", [&](const story& s) { return count(s.refused); });
  add("executors stopped", nodes([](const node_story& n) { return n.gone ? 1 : 0; }));
  add("of them by SIGKILL, the grace being over", nodes([](const node_story& n) { return n.killed ? 1 : 0; }));
  add("hooks that failed or were cut off", nodes([](const node_story& n) { return n.failure.empty() ? 0 : 1; }));
  add("stopped without ever being denied",
      list_only([](const node_story& n) { return n.told && !n.ever_denied ? 1 : 0; }));
  add("deny entries lost to another writer", list_only([](const node_story& n) { return n.entries_lost; }));
  add("of them there again later", list_only([](const node_story& n) { return n.entries_restored; }));
  add("writes of the deny list",
      [&](const story& s) { return s.list_writes == 0 ? std::string("–") : count(s.list_writes); });
  add("time to stop, median", [](const story& s) { return seconds_text(stopping_times(s).median); });
  add("time to stop, longest", [](const story& s) { return seconds_text(stopping_times(s).longest); });
  return out;
}

std::string table(const std::vector<story>& stories) {
  std::string out;
  const auto cell = [&](std::string_view text, std::size_t to, bool right) {
    const std::string blanks(to > width(text) ? to - width(text) : 0, ' ');
    out += right ? blanks + std::string(text) : std::string(text) + blanks;
  };
  cell("", 42, false);
  for (const auto& s : stories) cell(s.key, 10, true);
  out += "\n";
  for (const auto& f : figures(stories)) {
    cell(f.name, 42, false);
    for (const auto& v : f.values) cell(v, 10, true);
    out += "\n";
  }
  return out;
}

std::string page_of(const std::vector<story>& stories, const std::vector<std::string>& facts) {
  std::string out(head);
  out += "<h1>Executors stopped under load</h1>\n<p class=\"soft\">The same queries, the same stops, and ";
  out += stories.size() == 1 ? "one way" : stories.size() == 2 ? "two ways" : "three ways";
  out +=
      " to stop an executor. Real processes on one machine; the Dremio around them is the lab's.</p>\n<div "
      "class=\"cards\">";
  for (const auto& s : stories)
    out += "<div class=\"card\">" + escaped(s.title) + "<b class=\"" + (s.lost ? "bad" : "good") + "\">" +
           std::to_string(s.lost) + "</b>of " + std::to_string(s.started) + " queries lost</div>\n";
  out += "</div>\n<div class=\"wide\"><table><thead><tr><th></th>";
  for (const auto& s : stories) out += "<th>" + escaped(s.title) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const auto& f : figures(stories)) {
    out += std::string("<tr") + (f.weighty ? " class=\"weighty\"" : "") + "><td>" + escaped(f.name) + "</td>";
    for (const auto& v : f.values) out += "<td>" + escaped(v) + "</td>";
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
  out += legend;
  const int most = most_fragments(stories);
  for (const auto& s : stories) {
    out += "<h2>" + escaped(s.title) + "</h2>\n<div class=\"wide\">" + time_lines(s, most) + "</div>\n";
    out += failures(s);
  }
  out += "<h2>What the runs had in common</h2>\n<ul>\n";
  for (const auto& f : facts) out += "<li>" + escaped(f) + "</li>\n";
  out += "</ul>\n</body></html>\n";
  return out;
}

}  // namespace ebb::lab
