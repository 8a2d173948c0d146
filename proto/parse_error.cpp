#include "proto/parse_error.hpp"

#include <stdexcept>

#include <boost/throw_exception.hpp>

namespace ebb::proto {

parse_error::parse_error(std::string_view place, std::string_view problem) {
  what.reserve(place.size() + 2 + problem.size());
  what.append(place).append(": ").append(problem);
}

void throw_exception_from_error(const parse_error& error, const boost::source_location& where) {
  boost::throw_with_location(std::runtime_error(error.what), where);
}

}  // namespace ebb::proto
