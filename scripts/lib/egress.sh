# Sees to it that the engine has the image of gateway and proxy. Needs common.sh, engine.sh and rootfs.sh.

# What the image is made of, as one word: the suite's libraries, the JDK, and the code.
egress_recipe() {
  local hash
  hash=$({
    find "$root/sandbox-image/egress/src/main" "$root/runner/src/main/java/dev/tars/runner/policy/net" \
      "$root/runner/src/main/java/dev/tars/runner/model" -type f -name '*.java' -print0 | LC_ALL=C sort -z | xargs -0 cat
    sed -n 's/.*<\(netty\|jackson\)\.version>\(.*\)<.*/\1 \2/p' "$root/pom.xml"
    grep '^JAVA_RUNTIME_VERSION=' "$JAVA_HOME/release"
    cat "$root/scripts/lib/egress.sh"
  } | sha256sum)
  printf '%s-%s' "$(rootfs_suite)" "${hash:0:12}"
}

# The recipe label of the image that the engine has; fails if it has none.
egress_label() {
  local json
  json=$(engine_get "/images/$TARS_EGRESS_IMAGE/json") || return 1
  [[ $json =~ \"dev\.tars\.image\.recipe\":\"([^\"]*)\" ]] || return 1
  printf '%s' "${BASH_REMATCH[1]}"
}

# egress_libraries DIR: the shared libraries that a Java runtime needs, of the distribution's packages.
egress_libraries() {
  local into=$1 work suite
  suite=$(rootfs_suite)
  [ -n "$(rootfs_sources "$suite")" ] || apt-get update -qq >/dev/null 2>&1 || true
  work=$(mktemp -d)
  chmod 755 "$work" # apt reads the keyrings as a user of its own
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" RETURN
  rootfs_keyrings "$work/keyrings"
  rootfs_apt_settings >"$work/apt.conf"
  if ! rootfs_sources "$suite" |
    SOURCE_DATE_EPOCH=$ROOTFS_EPOCH mmdebstrap --variant=extract --format=tar --include=libc6,zlib1g \
      "--keyring=$work/keyrings" "--aptopt=$work/apt.conf" "$suite" "$work/all.tar" - >"$work/log" 2>&1; then
    tail -5 "$work/log" >&2
    stop "mmdebstrap failed" "check the network and /etc/apt"
  fi
  mkdir "$work/all" "$work/libraries"
  tar -xf "$work/all.tar" -C "$work/all" --exclude='./dev/*'
  (cd "$work/all" && find lib lib64 usr/lib \( -type f -o -type l \) \( -name 'ld-linux*' -o -name 'libc.so.*' \
    -o -name 'libm.so.*' -o -name 'libdl.so.*' -o -name 'libpthread.so.*' -o -name 'librt.so.*' -o -name 'libz.so.*' \
    -o -name 'libresolv.so.*' -o -name 'libnss_*.so.*' \) -print0 | LC_ALL=C sort -z) >"$work/names"
  # The loader's link is absolute; each name becomes the file that it stands for.
  while IFS= read -r -d '' name; do
    mkdir -p "$work/libraries/$(dirname "$name")"
    cp "$(chroot_path "$work/all" "$name")" "$work/libraries/$name"
  done <"$work/names"
  rm -rf "$into"
  mv "$work/libraries" "$into"
}

# chroot_path ROOT NAME: where the file is, with absolute links read below ROOT.
chroot_path() {
  local target
  target=$(readlink "$1/$2" || true)
  case $target in
    '') printf '%s/%s' "$1" "$2" ;;
    /*) chroot_path "$1" "${target#/}" ;;
    *) chroot_path "$1" "$(dirname "$2")/$target" ;;
  esac
}

ensure_egress_image() {
  local recipe have libraries
  recipe=$(egress_recipe)
  if have=$(egress_label) && { [ "$have" = "$recipe" ] || [ "$have" = custom ]; }; then return 0; fi
  if ! has mmdebstrap; then
    can_install || stop "the image for runs with network is not there, and mmdebstrap to make it is not installed" \
      "as root: apt-get install mmdebstrap, and run this again"
    install_packages mmdebstrap
  fi
  libraries=$TARS_CACHE/egress-libraries-$(rootfs_suite)
  if [ ! -d "$libraries" ]; then
    say "collecting the libraries of the image for runs with network"
    egress_libraries "$libraries"
  fi
  say "building the image for runs with network, $TARS_EGRESS_IMAGE, with Jib (half a minute)"
  (cd "$root" && mvn -q -B -pl sandbox-image/egress -am -DskipTests -Dspotless.check.skip \
    "-Degress.libraries=$libraries" "-Degress.recipe=$recipe" "-Degress.cache=$TARS_CACHE" \
    "-Dtars.egress.image=$TARS_EGRESS_IMAGE" package) 2>&1 |
    sed -e 's/\x1b\[[0-9;]*m//g' -e '/^$/d' >&2 ||
    stop "the image for runs with network could not be built" "look at the messages above"
}
