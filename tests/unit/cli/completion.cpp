#include "agent/cli/completion.hpp"

#include "agent/cli/commands.hpp"
#include "config/schema.hpp"
#include "tests/support/catch.hpp"

using namespace ebb::cli;

TEST_CASE("every script knows every command, every flag and every key but the secrets") {
  for (auto which : {shell::bash, shell::zsh, shell::fish}) {
    const auto script = completion_script(which);
    auto has = [&](std::string_view what) { return script.find(what) != std::string::npos; };
    for (const auto& c : commands()) {
      INFO(c.name);
      if (!c.hidden) CHECK(has(c.name));
      for (const auto& f : c.flags)
        CHECK(has(which == shell::fish ? " -l " + std::string(f.name.substr(2)) : std::string(f.name)));
      for (auto choice : c.choices) CHECK(has(choice));
    }
    for (const auto& k : ebb::config::keys()) CHECK(has(std::string(k.name) + "=") != is_secret(k));
    CHECK_FALSE(has("init starts"));
  }
}

TEST_CASE("no text of a command breaks the quotes of a script") {
  for (const auto& c : commands()) {
    CHECK(c.meaning.find('\'') == std::string_view::npos);
    for (const auto& f : c.flags) CHECK(f.meaning.find('\'') == std::string_view::npos);
  }
  for (const auto& f : configuration_flags()) CHECK(f.meaning.find('\'') == std::string_view::npos);
}
