# Sees to it that the engine has the sandbox image. Needs common.sh, engine.sh and rootfs.sh.

# What the image is made of, as one word: the root file system and the code that builds on it.
image_recipe() {
  local hash
  hash=$({
    find "$root/sandbox-image/src/main/java" -type f -name '*.java' -print0 | LC_ALL=C sort -z | xargs -0 cat
    grep -A1 '<artifactId>tree-sitter' "$root/pom.xml" # the versions of the grammars
  } | sha256sum)
  printf '%s-%s' "$(rootfs_recipe)" "${hash:0:12}"
}

# The recipe label of the image that the engine has; fails if it has none.
image_label() {
  local json
  json=$(engine_get "/images/$TARS_SANDBOX_IMAGE/json") || return 1
  [[ $json =~ \"dev\.tars\.image\.recipe\":\"([^\"]*)\" ]] || return 1
  printf '%s' "${BASH_REMATCH[1]}"
}

ensure_image() {
  local recipe have rootfs
  recipe=$(image_recipe)
  if have=$(image_label); then
    # "custom": someone built it on a base of their own; it is theirs to renew.
    if [ "$have" = "$recipe" ] || [ "$have" = custom ]; then return 0; fi
  fi
  rootfs=$(rootfs_file)
  if [ ! -s "$rootfs" ]; then
    if ! has mmdebstrap; then
      can_install || stop "there is no sandbox image, and mmdebstrap to make one is not installed" \
        "as root: apt-get install mmdebstrap, and run this again" \
        "or build it on a base of a registry: mvn -pl sandbox-image -am -DskipTests -Dsandbox.base=IMAGE package"
      install_packages mmdebstrap
    fi
    say "making the root file system of the sandbox image with mmdebstrap (two minutes)"
    make_rootfs "$rootfs"
    # Other checkouts may still want theirs; what is a week old is wanted by nobody.
    if [ -n "$(find "$TARS_CACHE" -maxdepth 1 -name 'sandbox-rootfs-*' -mtime +7 -print -delete)" ]; then
      rm -rf "$TARS_CACHE/jib"
    fi
  fi
  say "building the sandbox image $TARS_SANDBOX_IMAGE with Jib and loading it (one minute)"
  (cd "$root" && mvn -q -B -pl sandbox-image -am -DskipTests -Dspotless.check.skip \
    "-Dsandbox.base=rootfs:$rootfs" "-Dsandbox.recipe=$recipe" \
    "-Dtars.sandbox.image=$TARS_SANDBOX_IMAGE" package) 2>&1 |
    sed -e 's/\x1b\[[0-9;]*m//g' -e '/^$/d' >&2 || # Maven's colours, also where they are switched off
    stop "the sandbox image could not be built" "look at the messages above"
}
