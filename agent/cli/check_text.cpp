#include "agent/cli/check_text.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "agent/cli/exit_codes.hpp"
#include "agent/cli/words.hpp"
#include "proto/printable.hpp"

namespace ebb::cli {

namespace {

constexpr std::size_t result_width = 9;
constexpr std::size_t check_width = 18;
constexpr std::size_t text_limit = 600;  // bytes of a why or a mend

std::string_view name(verdict v) {
  switch (v) {
    case verdict::ok: return "ok";
    case verdict::warning: return "warning";
    case verdict::failure: return "failure";
  }
  return "failure";
}

std::string padded(std::string text, std::size_t width) {
  text.append(width - std::min(text.size(), width - 1), ' ');
  return text;
}

std::int64_t count(std::span<const finding> all, verdict v) { return std::ranges::count(all, v, &finding::result); }

verdict worst(std::span<const finding> all) {
  auto out = verdict::ok;
  for (const auto& f : all) out = std::max(out, f.result);
  return out;
}

}  // namespace

std::string finding_line(const finding& f, bool colour) {
  auto result = padded(std::string(name(f.result)), result_width);
  if (colour) {
    const auto* code = f.result == verdict::ok ? "32" : f.result == verdict::warning ? "33" : "31";
    result = "\x1b[" + std::string(code) + "m" + result + "\x1b[0m";
  }
  auto line = result + padded(f.check, check_width) + proto::printable(f.why, text_limit);
  if (!f.mend.empty()) line += "; " + proto::printable(f.mend, text_limit);
  return line + "\n";
}

std::string summary_line(std::span<const finding> all) {
  const auto said = [&](verdict v) {
    const auto n = count(all, v);
    return n == 0 ? "no " + std::string(name(v)) : counted(n, name(v));
  };
  return std::to_string(count(all, verdict::ok)) + " ok, " + said(verdict::warning) + ", " + said(verdict::failure) +
         "\n";
}

std::string findings_json(std::span<const finding> all) {
  boost::json::array checks;
  for (const auto& f : all)
    checks.push_back({{"check", f.check},
                      {"result", name(f.result)},
                      {"why", proto::printable(f.why, text_limit)},
                      {"mend", proto::printable(f.mend, text_limit)}});
  boost::json::object out;
  out["result"] = name(worst(all));
  out["checks"] = std::move(checks);
  return boost::json::serialize(out) + "\n";
}

int check_exit(std::span<const finding> all) {
  switch (worst(all)) {
    case verdict::ok: return done;
    case verdict::warning: return not_yet;
    case verdict::failure: return failed;
  }
  return failed;
}

}  // namespace ebb::cli
