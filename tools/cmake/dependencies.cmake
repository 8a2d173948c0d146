# Everything comes from the distribution. tools/setup puts what it does not package (a static simdjson) into build/deps.
list(PREPEND CMAKE_PREFIX_PATH ${CMAKE_SOURCE_DIR}/build/deps)
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own configuration, as every version of CMake finds it here
endif()
set(Boost_USE_STATIC_LIBS ON)
set(OPENSSL_USE_STATIC_LIBS ${EBB_STATIC})
find_package(Boost 1.81 REQUIRED COMPONENTS url json)
find_package(OpenSSL 3.0 REQUIRED)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
# Debian's header-only spdlog still wants the shared fmt; one translation unit uses either, so both are headers here.
set_target_properties(spdlog::spdlog_header_only PROPERTIES
  INTERFACE_LINK_LIBRARIES "Threads::Threads;fmt::fmt-header-only")
find_package(CLI11 REQUIRED)
find_path(EBB_TOMLPP_DIR toml++/toml.h REQUIRED)
find_path(EBB_CARES_DIR ares.h REQUIRED)
find_library(EBB_CARES_LIB NAMES libcares.a libcares_static.a cares REQUIRED)
find_package(Threads REQUIRED)
# The distribution's own Python first: its modules come with tools/setup.
find_program(EBB_PYTHON NAMES python3 HINTS /usr/bin REQUIRED)

# simdjson as a static library: Debian 13 has one beside the shared one, for Debian 12 tools/setup builds it.
add_library(ebb_simdjson INTERFACE)
if(TARGET simdjson::simdjson_static)
  target_link_libraries(ebb_simdjson INTERFACE simdjson::simdjson_static)
else()
  target_link_libraries(ebb_simdjson INTERFACE simdjson::simdjson)
  get_target_property(EBB_SIMDJSON_TYPE simdjson::simdjson TYPE)
  if(EBB_STATIC AND NOT EBB_SIMDJSON_TYPE STREQUAL "STATIC_LIBRARY")
    message(FATAL_ERROR "EBB_STATIC needs a static simdjson and found only ${simdjson_DIR}: "
      "run tools/setup, then configure anew (cmake --fresh).")
  endif()
endif()
