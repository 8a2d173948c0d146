#include "config/print.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/schema.hpp"
#include "config/syntax.hpp"

namespace ebb::config {
namespace {

constexpr std::size_t comment_width = 112;

std::string assignment(const key& of, const settings& all) {
  return std::string(leaf_of(of)) + " = " + to_toml(of, of.get(all));
}

// Words of a text as comment lines.
std::string comment(std::string_view text) {
  std::string out, line = "#";
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (line.size() + 1 + word.size() > comment_width) out += std::exchange(line, "#") + "\n";
    line.append(" ").append(word);
  }
  return out + line + "\n";
}

// Calls print(key) for the keys of each section, under its header.
template <class Print>
std::string by_section(Print print, bool commented) {
  std::string out;
  for (const auto& part : sections()) {
    if (!out.empty()) out += "\n";
    if (commented) out += (out.empty() ? "" : "\n") + comment(part.meaning);
    out.append("[").append(part.name).append("]\n");
    for (const auto& k : keys())
      if (section_of(k) == part.name) out += print(k);
  }
  return out;
}

// As it is where a TOML comment may hold it: a file's name and what a pod is told of itself may be any bytes.
std::string in_comment(const std::string& text) { return fits_on_a_line(text) ? text : shown(text); }

std::string fact(std::string_view name, const std::string& what) {
  return "# " + std::string(name) + ": " + (what.empty() ? "not known" : in_comment(what)) + "\n";
}

constexpr std::array<std::string_view, 4> preface{
    "Ebb's configuration: every key with its default. A file needs only what differs, and may be left out altogether.",
    "Read from --config, else $EBB_CONFIG, else /etc/ebb/ebb.toml if it is there. Stronger than the file: the "
    "environment "
    "(drain.settle is EBB_DRAIN_SETTLE; lists are separated by commas); stronger still: --set drain.settle=10s. "
    "Unknown "
    "keys are errors. `ebb config --origin` shows what counts and where it came from.",
    "Durations are whole numbers with a unit: \"500ms\", \"10s\", \"1m30s\", \"1h\".",
    "SIGHUP reads everything again. A key marked with (restart) counts from the next start of the container."};

// What may be written, where the default does not show it.
std::string bounds(const key& of) {
  const bool obvious =
      of.type == kind::text || of.type == kind::path || of.type == kind::secret || of.type == kind::flag;
  std::string out = obvious ? "" : "Allowed: " + allowed(of) + ".";
  if (of.counts == effect::at_restart) out += out.empty() ? "(restart)" : " (restart)";
  return out.empty() ? out : comment(out);
}

}  // namespace

std::string to_toml(const settings& all) {
  return by_section([&](const key& of) { return assignment(of, all) + "\n"; }, false);
}

std::string to_toml_with_origins(const loaded& from) {
  const auto& pod = from.values.pod;
  auto out = fact("file", from.file) + fact("pod", pod.name) + fact("namespace", pod.name_space) +
             fact("uid", pod.uid) + fact("ip", pod.ip) + fact("node", pod.node) +
             fact("in Kubernetes", pod.in_kubernetes ? "yes" : "no");
  if (const auto& port = from.values.prometheus.instance_port; !port.empty())
    out += fact("port in Prometheus' instance label", port + ", from PROMETHEUS_PORT (old name)");
  auto line = [&](const key& of) {
    const auto& origin = from.origins[static_cast<std::size_t>(&of - keys().data())];
    return assignment(of, from.values) + "  # " + in_comment(origin) + "\n";
  };
  return out + "\n" + by_section(line, false);
}

std::string reference() {
  const settings defaults;
  std::string out;
  for (auto paragraph : preface) out.append(out.empty() ? "" : "#\n").append(comment(paragraph));
  return out + "\n" +
         by_section(
             [&](const key& of) {
               return "\n" + comment(of.meaning) + comment(of.limit) + bounds(of) + assignment(of, defaults) + "\n";
             },
             true);
}

}  // namespace ebb::config
