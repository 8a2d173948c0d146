#include "config/from_file.hpp"

#include <algorithm>
#include <tuple>

#include "config/document.hpp"
#include "config/known_names.hpp"

namespace ebb::config {
namespace {

bool is_section(std::string_view name) {
  const auto all = sections();
  return std::any_of(all.begin(), all.end(), [&](const section& s) { return s.name == name; });
}

// One finding: an assignment to a key, or a message about something else.
struct finding {
  place at;
  const key* known = nullptr;
  const node* said = nullptr;
  std::string message;
};

finding about(const entry& said) {
  finding out{.at = said.at, .known = nullptr, .said = &said.said, .message = {}};
  if (said.section.empty()) {
    out.message = plain(said.name);
    if (is_section(said.name))
      out.message += " is a section; write [" + said.name + "]";
    else
      out.message += " stands in no section; write it under a header such as [drain]" + suggestion_for_key(said.name);
    return out;
  }
  const auto name = said.section + "." + said.name;
  out.known = find_key(name);
  if (!out.known) out.message = plain(name) + " is not a key" + mend_for_key(name);
  return out;
}

std::vector<finding> findings_in(const document& from) {
  std::vector<finding> out;
  for (const auto& error : from.errors) out.push_back({error.at, nullptr, nullptr, error.what});
  for (const auto& found : from.sections)
    if (!is_section(found.name))
      out.push_back({found.at, nullptr, nullptr,
                     "[" + plain(found.name) + "] is not a section" + suggestion_for_section(found.name)});
  for (const auto& said : from.entries)  // what is in an unknown section has been told with the section
    if (said.section.empty() || is_section(said.section)) out.push_back(about(said));
  std::sort(out.begin(), out.end(), [](const finding& a, const finding& b) {
    return std::tie(a.at.line, a.at.column, a.message) < std::tie(b.at.line, b.at.column, b.message);
  });
  return out;
}

}  // namespace

void apply_file(std::string_view text, std::string_view file, assembly& to) {
  const auto document = read_document(text);
  for (auto& found : findings_in(document)) {
    const auto where = std::string(file) + ":" + std::to_string(found.at.line) + ":" + std::to_string(found.at.column);
    if (found.known)
      to.assign(*found.known, *found.said, where, where);
    else
      to.fail(where + ": " + found.message);
  }
}

}  // namespace ebb::config
