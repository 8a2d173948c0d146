# Options that every target of ours takes, and the functions that declare targets.
add_library(ebb_options INTERFACE)
target_include_directories(ebb_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(ebb_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion $<$<BOOL:${EBB_WERROR}>:-Werror> -fno-omit-frame-pointer
  $<$<BOOL:${EBB_STATIC}>:-ffunction-sections> $<$<BOOL:${EBB_STATIC}>:-fdata-sections>)

# Headers of others are included as system headers: their warnings are not ours.
add_library(ebb_tomlpp INTERFACE)
target_include_directories(ebb_tomlpp SYSTEM INTERFACE ${EBB_TOMLPP_DIR})
add_library(ebb_cares INTERFACE)
target_include_directories(ebb_cares SYSTEM INTERFACE ${EBB_CARES_DIR})
target_link_libraries(ebb_cares INTERFACE ${EBB_CARES_LIB})
