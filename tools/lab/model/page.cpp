#include "tools/lab/model/page.hpp"

#include <algorithm>

namespace ebb::lab {
namespace {

struct release_name {
  release r;
  std::string_view name;
};
constexpr std::array names{release_name{release::v24_0, "24.0"}, release_name{release::v24_3, "24.3"},
                           release_name{release::v25_0, "25.0"}, release_name{release::v25_1, "25.1"},
                           release_name{release::v25_2, "25.2"}, release_name{release::v26_0, "26.0"}};

constexpr std::string_view help = "# HELP ";

// As Java prints a whole number below 10^7, and from there on near enough for counters that the lab never drives so
// far.
std::string java_double(std::uint64_t n) { return std::to_string(n) + ".0"; }

std::string family_name(std::string_view family) {
  family.remove_prefix(help.size());
  return std::string(family.substr(0, family.find(' ')));
}

// The next family: its HELP line up to the next HELP line.
std::string_view take_family(std::string_view& text) {
  const auto next = text.find("\n# HELP ");
  const auto size = next == std::string_view::npos ? text.size() : next + 1;
  const auto family = text.substr(0, size);
  text.remove_prefix(size);
  return family;
}

// The states that the recorded pages show: one fragment not set up yet, the rest in three even parts.
std::string states(std::string_view sample, int fragments) {
  const int third = (fragments - 1) / 3;
  const std::pair<const char*, int> rows[] = {{"BLOCKED_ON_UPSTREAM", third},
                                              {"STARTED_NOT_SETUP", 1},
                                              {"BLOCKED_ON_DOWNSTREAM", third},
                                              {"RUNNABLE", fragments - 1 - 2 * third}};
  std::string out;
  for (const auto& [state, n] : rows)
    if (n > 0)
      out += std::string(sample) + "{state=\"" + state + "\",} " + java_double(static_cast<std::uint64_t>(n)) + "\n";
  return out;
}

}  // namespace

std::string_view name_of(release r) {
  return std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.r == r; })->name;
}

bool parse_release(std::string_view text, release& into) {
  const auto i = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.name == text; });
  if (i == names.end()) return false;
  into = i->r;
  return true;
}

page::page(release r) {
  for (auto text = recorded_page(r); !text.empty();) {
    const auto family = take_family(text);
    add(std::string(family), family_name(family));
  }
}

void page::add(std::string family, const std::string& name) {
  const auto kind =
      name == "exec_fragments_active" || name == "fragments_active" || name == "scheduler_active_fragments_current"
          ? slot::fragments
      : name == "exec_fragment_states"       ? slot::states
      : name == "exec_started_queries_total" ? slot::started
      : name == "exec_ended_queries_total"   ? slot::ended
                                             : slot::literal;
  if (kind == slot::literal) {
    pieces_.push_back({kind, std::move(family), ""});
    return;
  }
  const auto sample = family.find("\n" + name, family.find("\n# TYPE ")) + 1;
  const auto line = family.substr(sample, family.find('\n', sample) - sample);
  const auto value = line.rfind(' ');
  pieces_.push_back({kind, family.substr(0, sample), kind == slot::states ? name : line.substr(0, value + 1)});
}

std::string page::render(const page_figures& f, distortion d) const {
  std::string out;
  if (d == distortion::empty) return out;
  for (const auto& p : pieces_) {
    if (p.kind == slot::literal) {
      out += p.text;
    } else if (p.kind == slot::fragments) {
      if (d == distortion::cut_after_a_family) return out;
      if (d == distortion::gauge_absent) continue;
      out +=
          p.text + p.sample +
          (d == distortion::not_a_number ? "NaN" : java_double(static_cast<std::uint64_t>(std::max(f.fragments, 0)))) +
          "\n";
    } else if (p.kind == slot::states) {
      if (f.fragments > 0) out += p.text + states(p.sample, f.fragments);
    } else {
      const auto n = p.kind == slot::started ? f.started : f.ended;
      if (n > 0 || !f.lazy) out += p.text + p.sample + java_double(n) + "\n";
    }
  }
  return out;
}

}  // namespace ebb::lab
