# Sourced by tools/setup: what cross-building for arm64 needs, in build/arm64-root.
#
# The distribution's own packages for arm64 are unpacked there, not installed. The apt that fetches them has lists and a
# state of its own, so that the machine's stay as they are: it knows no other architecture afterwards either.
readonly arm64_root=$root/build/arm64-root

arm64_packages() {
  local boost
  boost=$(boost_version "$1")
  echo libc6-dev "libstdc++-$(gcc -dumpversion)-dev" libssl-dev libc-ares-dev libspdlog-dev libfmt-dev \
    libtomlplusplus-dev libcli11-dev catch2 "libboost$boost-dev" "libboost-json$boost-dev" "libboost-url$boost-dev" \
    libsimdjson-dev
}

# Unpacks the packages and all that they depend on into $2; $1 is a folder to work in, $3 the name of the system.
unpack_arm64() {
  local deb options
  mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial" "$2"
  : >"$1/status"
  options=(-qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State=$1/state"
    -o "Dir::State::status=$1/status" -o "Dir::Cache=$1/cache" -o APT::Sandbox::User=root -o Debug::NoLocking=true
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false)
  apt-get "${options[@]}" update </dev/null || say "some package lists for arm64 could not be read"
  # shellcheck disable=SC2046
  apt-get "${options[@]}" install --yes --no-install-recommends --download-only $(arm64_packages "$3") \
    </dev/null >"$1/log" 2>&1 || {
    tail -5 "$1/log" >&2
    fail "packages for arm64 could not be fetched from the machine's own package sources (/etc/apt)"
  }
  for deb in "$1"/cache/archives/*.deb; do dpkg-deb --extract "$deb" "$2"; done
  [ -e "$2/lib" ] || ln -s usr/lib "$2/lib"
}

make_arm64() {
  [ ! -d "$arm64_root" ] || return 0
  say "unpacking packages for arm64 into build/arm64-root"
  local work
  work=$(mktemp -d)
  trap "rm -rf '$work'" EXIT
  unpack_arm64 "$work" "$arm64_root.new" "$1"
  rm -rf "$work"
  if ! compgen -G "$arm64_root.new/usr/lib/*/libsimdjson_static.a" >/dev/null; then
    rm -rf "$arm64_root.new"/usr/lib/*/cmake/simdjson "$arm64_root.new"/usr/lib/*/libsimdjson.so*
    compile_simdjson "$arm64_root.new/usr/local" "-DCMAKE_TOOLCHAIN_FILE=$root/tools/cmake/arm64.cmake" \
      "-DEBB_ARM64_ROOT=$arm64_root.new" "-DCMAKE_C_COMPILER=clang-$(clang_version)"
  fi
  mv "$arm64_root.new" "$arm64_root"
}
