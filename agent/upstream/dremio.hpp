#pragma once
// The coordinator: logged in ahead of need, asked for the deny list and, rarely, for its nodes.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/keeper/list_port.hpp"
#include "agent/rt/files.hpp"
#include "agent/upstream/upstream.hpp"
#include "proto/dremio/node_list.hpp"

namespace ebb::upstream {

class coordinator final : public keeper::list_port {
 public:
  coordinator(upstream& server, rt::file_store& files, rt::random_source& random);

  // Takes new credentials; the token in hand is dropped when they differ.
  void configure(const config::dremio_settings& settings);

  // keeper::list_port
  rt::task<keeper::list_call> read(rt::deadline dl) override;
  rt::task<keeper::list_call> write(core::deny_list list, rt::deadline dl) override;
  rt::duration pause_before_retry(std::optional<rt::duration> retry_after) override;

  // The list has been read in this life; a 404 is then not an edition without it.
  void set_list_read() { list_read_ = true; }

  // Every node that the coordinator knows. Expensive (it calls every executor): once in a life, and for `check`.
  rt::task<rt::result<std::vector<dremio::node_row>>> nodes(rt::deadline dl);

  // The duty: renews a login at two thirds of its life, with jitter, so that a drain never begins with a login.
  rt::task<> stay_logged_in();

  // Ends the session that a password opened; tokens that were given to us stay valid.
  rt::task<> log_out(rt::deadline dl);

  // Gets a token where there is none. Errors as text in last_login_error().
  rt::task<bool> log_in(rt::deadline dl);
  const std::string& last_login_error() const { return login_error_; }
  std::optional<bool> can_manage_nodes() const { return can_manage_; }
  const std::string& version() const { return version_; }
  // Of the login's reply. Empty: these credentials or this server do not tell; nothing: not before the first login.
  std::optional<std::string> cluster_id() const;

 private:
  struct session {
    std::string token;
    rt::time_point obtained_at{};
    std::optional<rt::time_point> expires_at;
    bool ours_to_end = false;  // opened by a password
  };
  // Credentials that the server has refused are shown to it again after a while only: a directory locks the account of
  // who knocks too often. Others are shown at once.
  struct refusal {
    std::size_t credentials;  // a hash
    rt::time_point until{};
    rt::duration pause{};
  };
  struct reply {
    rt::result<http::response> response;
    bool without_token = false;
  };

  rt::task<reply> ask(http::request req, rt::deadline dl);
  rt::task<keeper::list_call> list_call(http::request req, bool writing, rt::deadline dl);
  rt::task<bool> password_login(rt::deadline dl);
  rt::task<bool> oauth_login(rt::deadline dl);
  // The server's 200 to these credentials; nothing, and why in login_error_, where it refuses them or lately did.
  rt::task<std::optional<http::response>> present(std::string_view what, const std::string& who, const std::string& key,
                                                  http::request request, rt::deadline dl);
  std::optional<std::string> secret(const config::secret_source& from, std::string_view what);
  bool refuse(std::string why);
  void remember(const rt::result<http::response>& answer, std::size_t credentials);
  bool uses_given_token() const;

  upstream& server_;
  rt::file_store& files_;
  rt::random_source& random_;
  config::dremio_settings settings_;
  std::optional<session> session_;
  std::optional<refusal> refused_;
  bool list_read_ = false;
  std::string login_error_;
  std::optional<bool> can_manage_;
  std::string version_;
  std::optional<std::string> cluster_id_;
};

}  // namespace ebb::upstream
