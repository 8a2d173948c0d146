#pragma once
// Who may ask the coordinator: users with login tokens, personal access tokens, service users of the OAuth endpoint.
// Tokens live as rows in a table that survives a restart of the coordinator; a wrong one is the same as an expired one.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

enum class rights { none, user, admin };

struct account {
  std::string name;      // user name, or client id of a service user
  std::string password;  // or client secret
  std::string pat;       // a personal access token; also accepted as the password
  rights right = rights::admin;
  bool service = false;  // only by the OAuth endpoint
};

struct session {
  std::string token;
  time_point expires;
  rights right = rights::none;
  std::string user;
};

class accounts {
 public:
  struct options {
    std::vector<account> known;
    duration login_life = 30h;
    duration oauth_life = 1h;
  };
  accounts(options o, draw random) : options_(std::move(o)), random_(std::move(random)) {}

  bool anybody() const { return !options_.known.empty(); }
  std::optional<session> login(std::string_view user, std::string_view password, time_point now);
  std::optional<session> client_credentials(std::string_view id, std::string_view secret, time_point now);

  // The rights behind an Authorization header: "Bearer t" (any case), "_dremiot" or the bare token.
  rights of(std::string_view authorization, time_point now) const;
  bool logout(std::string_view authorization);
  void revoke_all() { sessions_.clear(); }
  std::size_t sessions() const { return sessions_.size(); }
  std::size_t logins() const { return logins_; }

 private:
  session open(const account& who, duration life, time_point now);

  options options_;
  draw random_;
  std::map<std::string, session, std::less<>> sessions_;
  std::size_t logins_ = 0;
};

}  // namespace ebb::lab
