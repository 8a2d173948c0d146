# generated/version.hpp: version and commit, looked at in each build and written only when they have changed.
#
# Included by CMakeLists.txt it declares the target ebb_commit; run as a script (cmake -P) it writes the header.
if(CMAKE_SCRIPT_MODE_FILE)
  execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
    WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT commit)
    set(commit unknown)
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#pragma once
// Written by tools/cmake/commit.cmake.
#include <string_view>
namespace ebb::generated {
inline constexpr std::string_view version = "@VERSION@", commit = "@commit@", simdjson = "@SIMDJSON@";
}
]])
else()
  add_custom_target(ebb_commit
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
      -DSIMDJSON=${simdjson_VERSION}
      -DOUTPUT=${CMAKE_BINARY_DIR}/generated/version.hpp -P ${CMAKE_SOURCE_DIR}/tools/cmake/commit.cmake
    BYPRODUCTS ${CMAKE_BINARY_DIR}/generated/version.hpp
    COMMENT "" VERBATIM)
endif()
