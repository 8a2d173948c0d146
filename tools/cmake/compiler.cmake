# Which compilers may build Ebb, and with which options.
#
# g++ 12 turns common coroutine expressions into double frees (an aggregate or capturing-lambda temporary in a
# full expression that contains co_await, GCC bug 107288 among others), so it is refused, not merely advised against.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (temporaries of a co_await expression are destroyed "
    "twice). Use clang 16 or newer, or GCC 13 or newer: cmake -DCMAKE_CXX_COMPILER=clang++-19 …")
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
  message(FATAL_ERROR
    "clang ${CMAKE_CXX_COMPILER_VERSION} is too old for C++20 coroutines as Ebb uses them. "
    "Use clang 16 or newer, or GCC 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(EBB_CCACHE ccache)
if(EBB_CCACHE)
  # Paths below the source tree count as relative, so that one clone profits from another's builds. The sloppiness is
  # what the manual of ccache asks for with precompiled headers. It is to trust the compiler's list of dependencies:
  # preprocessing on its own would look for the main file of a precompiled header where another clone had it.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1 ${EBB_CCACHE})
endif()
find_program(EBB_LLD NAMES ld.lld ld.lld-19 ld.lld-18)
if(EBB_LLD AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_link_options(-fuse-ld=lld)
endif()
if(EBB_CLANG_TIDY)
  string(REGEX MATCH "^[0-9]+" EBB_CLANG_MAJOR ${CMAKE_CXX_COMPILER_VERSION})
  find_program(EBB_CLANG_TIDY_PROGRAM NAMES clang-tidy-${EBB_CLANG_MAJOR} clang-tidy REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY ${EBB_CLANG_TIDY_PROGRAM} --quiet)
endif()
