# Chooses the compiler where nobody did: included before project().
#
# Distributions name clang by its version (clang++-19), and not all have the same ones, so the presets name none. CXX in
# the environment or -DCMAKE_CXX_COMPILER=… decide first; then the version that Ebb is tested with; then the newest.
if(NOT DEFINED CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  find_program(EBB_CLANGXX NAMES clang++-19 clang++-22 clang++-21 clang++-20 clang++-18 clang++-17 clang++-16 clang++)
  if(EBB_CLANGXX)
    set(CMAKE_CXX_COMPILER ${EBB_CLANGXX})
  endif()
endif()
