#pragma once
// What a codec says about bytes that it cannot read.
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace ebb::proto {

// One printable line: the place, the offending value cut to `excerpt_limit`, and what was expected. Never a secret.
struct parse_error {
  parse_error() = default;  // boost::system::result asks for it
  parse_error(std::string_view place, std::string_view problem);
  std::string what;
};

// The customisation point of boost::system::result: value() on an error throws std::runtime_error(what).
[[noreturn]] void throw_exception_from_error(const parse_error& error, const boost::source_location& where);

template <class T>
using result = boost::system::result<T, parse_error>;

}  // namespace ebb::proto
