#include "agent/cli/version.hpp"

#include <ares_version.h>
#include <openssl/opensslv.h>
#include <spdlog/version.h>
#include <toml++/impl/version.h>

#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <ostream>

#include <generated/version.hpp>

namespace ebb::cli {
namespace {

#if defined(__clang__)
constexpr std::string_view compiler = "clang " __clang_version__;
#else
constexpr std::string_view compiler = "gcc " __VERSION__;
#endif

struct dotted {
  long major, minor, patch;
};

std::ostream& operator<<(std::ostream& out, dotted v) { return out << v.major << '.' << v.minor << '.' << v.patch; }

}  // namespace

std::string_view version() { return generated::version; }
std::string_view commit() { return generated::commit; }

void print_version(std::ostream& out) {
  constexpr dotted boost{BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100};
  out << "ebb " << version() << '\n'
      << "commit     " << commit() << '\n'
      << "compiler   " << compiler.substr(0, compiler.find_last_not_of(' ') + 1) << '\n'
      << "libraries  Boost " << boost << ", " OPENSSL_VERSION_TEXT ", simdjson " << generated::simdjson << ", spdlog "
      << dotted{SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH} << ", toml++ "
      << dotted{TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH}
      << ", CLI11 " CLI11_VERSION ", c-ares " ARES_VERSION_STR "\n";
}

}  // namespace ebb::cli
