# Cross-building for arm64 with clang and lld, against the packages that `tools/setup --arm64` unpacks.
set(EBB_ARM64_ROOT ${CMAKE_CURRENT_LIST_DIR}/../../build/arm64-root CACHE PATH "root of arm64's packages")
get_filename_component(root ${EBB_ARM64_ROOT} ABSOLUTE)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES EBB_ARM64_ROOT)
if(NOT IS_DIRECTORY ${root})
  message(FATAL_ERROR "${root} is missing: run tools/setup --arm64")
endif()

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_SYSROOT ${root})
set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()

# What the build itself runs of what it has built, and the tests.
find_program(EBB_QEMU NAMES qemu-aarch64-static qemu-aarch64)
if(EBB_QEMU)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${EBB_QEMU} -L ${root})
endif()
