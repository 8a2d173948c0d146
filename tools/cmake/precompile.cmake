# Precompiled headers, given to every target by what it links: one for Asio's users, one for the codecs, and two for the
# tests.
#
# Asio and Beast cost every translation unit four seconds of parsing and instantiating, Catch2 more than one. A target
# does not ask for its header: ebb_precompile() runs when all targets are declared and looks at what each one links.
# A precompiled header can hide a missing #include, so the presets `tidy` and `cov` go without, and tools/tidy compiles
# every header alone.
set(EBB_PRECOMPILED_STD
  chrono exception functional map memory optional span string string_view variant vector)
set(EBB_PRECOMPILED_ASIO
  boost/asio/any_completion_handler.hpp boost/asio/any_io_executor.hpp boost/asio/awaitable.hpp
  boost/asio/co_spawn.hpp boost/asio/deferred.hpp boost/asio/experimental/channel.hpp
  boost/asio/experimental/parallel_group.hpp boost/asio/io_context.hpp boost/asio/ip/tcp.hpp
  boost/asio/ssl/context.hpp boost/asio/ssl/stream.hpp boost/asio/steady_timer.hpp boost/asio/this_coro.hpp
  boost/asio/use_awaitable.hpp boost/asio/write.hpp boost/beast/core/flat_buffer.hpp boost/beast/http/parser.hpp
  boost/beast/http/read.hpp boost/beast/http/serializer.hpp boost/beast/http/string_body.hpp
  boost/beast/http/write.hpp boost/system/result.hpp)
set(EBB_PRECOMPILED_JSON
  simdjson.h boost/json/array.hpp boost/json/object.hpp boost/json/serialize.hpp)

# Clones share what ccache keeps, and one may be gone or changed when another reads its precompiled header. So there is
# no file of ours in it, not even the generated one that CMake's own options would name by its absolute path; the main
# file of the compilation is empty, and that it exists is not checked. No time is kept in it either. When a header of
# the system changes, Ninja builds it anew.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(CMAKE_CXX_COMPILE_OPTIONS_CREATE_PCH -Xclang -emit-pch -Xclang -fno-pch-timestamp -x c++-header)
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include-pch <PCH_FILE> -Xclang -fno-validate-pch)
endif()

function(ebb_precompiled name)
  cmake_parse_arguments(arg "" "" "LIBS;HEADERS" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/${name}.cpp)
  if(NOT EXISTS ${source})
    file(WRITE ${source} "")
  endif()
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${source})
  target_link_libraries(${name} PRIVATE ${arg_LIBS})
  # Not from ccache: a precompiled header names the files it was made of, and those of build/deps are another clone's.
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
  list(TRANSFORM arg_HEADERS REPLACE "(.+)" "<\\1>" OUTPUT_VARIABLE quoted)
  target_precompile_headers(${name} PRIVATE ${quoted})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    list(TRANSFORM arg_HEADERS REPLACE "(.+)" "SHELL:-Xclang -include -Xclang \\1")
    target_compile_options(${name} PRIVATE ${arg_HEADERS})
  endif()
endfunction()

# Sets `out` to all that the target links, near or far.
function(ebb_linked target out)
  set(seen "")
  set(todo ${target})
  while(todo)
    list(POP_FRONT todo next)
    if(TARGET ${next} AND NOT next IN_LIST seen)
      list(APPEND seen ${next})
      foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
        get_target_property(libraries ${next} ${property})
        if(libraries)
          list(TRANSFORM libraries REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1")
          list(APPEND todo ${libraries})
        endif()
      endforeach()
    endif()
  endwhile()
  set(${out} ${seen} PARENT_SCOPE)
endfunction()

function(ebb_precompile_below directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(target MATCHES "^ebb_pch" OR target STREQUAL "ebb_asio" OR NOT type MATCHES "LIBRARY|EXECUTABLE"
        OR type STREQUAL "INTERFACE_LIBRARY")
      continue()
    endif()
    ebb_linked(${target} linked)
    if("ebb_catch" IN_LIST linked AND "ebb_asio" IN_LIST linked)
      target_precompile_headers(${target} REUSE_FROM ebb_pch_asio_catch)
    elseif("ebb_asio" IN_LIST linked)
      target_precompile_headers(${target} REUSE_FROM ebb_pch_asio)
    elseif(target STREQUAL "ebb_proto")
      target_precompile_headers(${target} REUSE_FROM ebb_pch_json)
    elseif("ebb_catch" IN_LIST linked AND NOT target STREQUAL "ebb_catch")
      target_precompile_headers(${target} REUSE_FROM ebb_pch_catch)
    endif()
  endforeach()
  get_property(directories DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS directories)
    ebb_precompile_below(${subdirectory})
  endforeach()
endfunction()

function(ebb_precompile)
  find_file(EBB_CATCH_3 catch2/catch_all.hpp)
  set(EBB_CATCH_HEADER catch2/catch.hpp)
  if(EBB_CATCH_3)
    set(EBB_CATCH_HEADER catch2/catch_all.hpp)
  endif()
  if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  ebb_precompiled(ebb_pch_asio LIBS ebb_asio HEADERS ${EBB_PRECOMPILED_STD} ${EBB_PRECOMPILED_ASIO})
  ebb_precompiled(ebb_pch_json LIBS ebb_options Boost::json ebb_simdjson
    HEADERS ${EBB_PRECOMPILED_STD} ${EBB_PRECOMPILED_JSON})
  if(EBB_TESTS)
    ebb_precompiled(ebb_pch_catch LIBS ebb_catch HEADERS ${EBB_PRECOMPILED_STD} ${EBB_CATCH_HEADER})
    ebb_precompiled(ebb_pch_asio_catch LIBS ebb_asio ebb_catch
      HEADERS ${EBB_PRECOMPILED_STD} ${EBB_PRECOMPILED_ASIO} ${EBB_CATCH_HEADER})
  endif()
  ebb_precompile_below(${CMAKE_SOURCE_DIR})
endfunction()
