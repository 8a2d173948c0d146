#include "config/assembly.hpp"

#include "config/document.hpp"
#include "config/interpret.hpp"

namespace ebb::config {
namespace {

std::size_t index_of(const key& of) { return static_cast<std::size_t>(&of - keys().data()); }

constexpr std::size_t most_warnings = 50;

// The value for a message. An address may have a password in front of its host.
std::string safely_shown(const key& of, const node& said) {
  auto text = shown(said);
  const bool hide = is_secret(of) || (of.type == kind::url && text.find('@') != std::string::npos);
  return hide ? "***" : text;
}

}  // namespace

assembly::assembly() : origins_(keys().size(), "default") {}

std::string assembly::put(const key& of, const node& said, std::string_view place, std::string_view origin) {
  auto [result, fault] = interpret(of, said);
  if (result) {
    of.set(values, *result);
    set_origin(of, origin);
    return {};
  }
  std::string message(place);
  message.append(": ").append(of.name).append(" = ").append(safely_shown(of, said));
  return message.append(" ").append(fault);
}

bool assembly::assign(const key& of, const node& said, std::string_view place, std::string_view origin) {
  auto message = put(of, said, place, origin);
  if (message.empty()) return true;
  fail(std::move(message));
  return false;
}

bool assembly::try_assign(const key& of, const node& said, std::string_view place, std::string_view origin) {
  auto message = put(of, said, place, origin);
  if (message.empty()) return true;
  warn(message + "; ignored");
  return false;
}

std::string_view assembly::origin(const key& of) const { return origins_[index_of(of)]; }

void assembly::set_origin(const key& of, std::string_view origin) { origins_[index_of(of)] = origin; }

void assembly::fail(std::string message) {
  if (errors_.size() < most_errors)
    errors_.push_back(std::move(message));
  else
    ++errors_left_out_;
}

void assembly::warn(std::string message) {
  if (warnings_.size() < most_warnings) warnings_.push_back(std::move(message));
}

loaded assembly::finish(std::string file) && {
  if (errors_left_out_ > 0) errors_.push_back("and " + std::to_string(errors_left_out_) + " more; mend these first");
  loaded out;
  out.values = std::move(values);
  out.origins = std::move(origins_);
  out.warnings = std::move(warnings_);
  out.errors = std::move(errors_);
  out.file = std::move(file);
  return out;
}

}  // namespace ebb::config
