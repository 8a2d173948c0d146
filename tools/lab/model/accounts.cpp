#include "tools/lab/model/accounts.hpp"

#include <algorithm>
#include <cctype>

namespace ebb::lab {
namespace {

constexpr std::size_t session_limit = 100'000;
constexpr std::string_view old_prefix = "_dremio";

bool is_bearer(std::string_view scheme) {
  constexpr std::string_view want = "bearer";
  return std::equal(scheme.begin(), scheme.end(), want.begin(), want.end(),
                    [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

// The token in a header, or an empty view for a form that Dremio refuses.
std::string_view token_of(std::string_view header) {
  if (header.starts_with(old_prefix)) {
    header.remove_prefix(old_prefix.size());
    while (header.starts_with(' ')) header.remove_prefix(1);
    return header;
  }
  const auto blank = header.find(' ');
  if (blank == std::string_view::npos) return header;
  const auto token = header.substr(header.find_first_not_of(' ', blank) == std::string_view::npos
                                       ? header.size()
                                       : header.find_first_not_of(' ', blank));
  if (!is_bearer(header.substr(0, blank)) || token.find(' ') != std::string_view::npos) return {};
  return token;
}

}  // namespace

session accounts::open(const account& who, duration life, time_point now) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";  // 26 of them carry Dremio's 130 bits
  if (sessions_.size() >= session_limit) sessions_.clear();
  session s{std::string(), now + life, who.right, who.name};
  for (int i = 0; i < 26; ++i) s.token += digits[static_cast<std::size_t>(random_() * 32)];
  sessions_[s.token] = s;
  ++logins_;
  return s;
}

std::optional<session> accounts::login(std::string_view user, std::string_view password, time_point now) {
  for (const auto& a : options_.known)
    if (!a.service && a.name == user && (a.password == password || (!a.pat.empty() && a.pat == password)))
      return open(a, options_.login_life, now);
  return std::nullopt;
}

std::optional<session> accounts::client_credentials(std::string_view id, std::string_view secret, time_point now) {
  for (const auto& a : options_.known)
    if (a.service && a.name == id && a.password == secret) return open(a, options_.oauth_life, now);
  return std::nullopt;
}

rights accounts::of(std::string_view authorization, time_point now) const {
  const auto token = token_of(authorization);
  if (token.empty()) return rights::none;
  for (const auto& a : options_.known)
    if (a.pat == token) return a.right;
  const auto row = sessions_.find(token);
  return row == sessions_.end() || row->second.expires <= now ? rights::none : row->second.right;
}

bool accounts::logout(std::string_view authorization) {
  const auto row = sessions_.find(token_of(authorization));
  if (row == sessions_.end()) return false;
  sessions_.erase(row);
  return true;
}

}  // namespace ebb::lab
