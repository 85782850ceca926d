# Fills and imports the dependency cache that a project needs, on the *parent* commit, in a container
# of its own with network, announced. Nothing of the improvement is in it. Sourced by bench/replay.

# A container that may reach the network: unprivileged, sees a copy of the parent's tree and the cache.
# The host's certificates go in read-only, so that a network with its own authority works.
filling_container() {
  local copy=$1 cache=$2 target=$3
  shift 3
  local certificates=()
  [ ! -d /etc/ssl/certs ] || certificates=(-v /etc/ssl/certs:/etc/ssl/certs:ro)
  docker run --rm --label dev.tars.replay=1 --user 65532:65532 --cap-drop ALL \
    --security-opt no-new-privileges -e HOME=/home/tars -e MAVEN_OPTS=-Xmx1g \
    -e NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "${certificates[@]}" \
    --tmpfs /home/tars:exec,mode=0777 \
    -v "$copy:/workspace" -v "$cache:$target" -w /workspace \
    "${TARS_SANDBOX_IMAGE:-tars-sandbox:default}" "$@"
}

fill_cache() {
  local ws=$1 scratch=$2
  local copy=$scratch/fill
  mkdir -p "$copy"
  cp -a "$ws/." "$copy/"
  chown -R 65532:65532 "$copy"
  if [ -f "$ws/pom.xml" ]; then
    local m2=${TARS_REPLAY_M2:-$scratch/m2}
    mkdir -p "$m2" && chown 65532:65532 "$m2"
    say "filling the Maven cache: a container WITH network, on the parent commit only"
    # Runs the parent's tests too: providers that are resolved late are fetched only then.
    # shellcheck disable=SC2086
    filling_container "$copy" "$m2" /home/tars/.m2/repository \
      mvn -B -ntp -fae -Dmaven.test.failure.ignore=true ${TARS_REPLAY_GOALS:-test} \
      >"$scratch/fill.log" 2>&1 || {
      say "note: filling ended with an error:"
      grep -m 5 ERROR "$scratch/fill.log" >&2 || true
    }
    # What says from where a file came would make Maven ask that place again.
    find "$m2" \( -name '_remote.repositories' -o -name '*.lastUpdated' \) -delete
    "$root/bin/tarscli" -w "$ws" cache import m2 "$m2" >&2
  elif [ -f "$ws/package.json" ] && grep -q '"\(devD\|d\)ependencies"' "$ws/package.json"; then
    say "filling node_modules: a container WITH network, on the parent commit only"
    mkdir -p "$scratch/npm" && chown 65532:65532 "$scratch/npm"
    filling_container "$copy" "$scratch/npm" /opt/npm \
      npm install --cache /opt/npm --ignore-scripts --no-audit --no-fund --no-package-lock \
      >"$scratch/fill.log" 2>&1 || {
      say "note: filling ended with an error:"
      tail -5 "$scratch/fill.log" >&2
    }
    # Ignored by the project, so it is in the baseline and in no change set.
    [ ! -d "$copy/node_modules" ] || cp -a "$copy/node_modules" "$ws/"
  elif [ -f "$ws/pyproject.toml" ] || [ -f "$ws/setup.py" ] || [ -f "$ws/setup.cfg" ]; then
    fill_python_packages "$ws" "$scratch"
  fi
}

# Of Python's packages only the distribution's can be had: they are unpacked, never installed.
fill_python_packages() {
  local ws=$1 scratch=$2 packages=()
  command -v apt-cache >/dev/null || return 0
  mapfile -t packages < <(python3 "$root/bench/lib/python_packages.py" "$ws")
  [ "${#packages[@]}" -gt 0 ] || return 0
  say "fetching the distribution's packages: ${packages[*]}"
  mkdir -p "$scratch/debs" "$scratch/python/usr/lib/python3/dist-packages"
  chmod 755 "$scratch"
  local name
  for name in "${packages[@]}"; do
    (cd "$scratch/debs" && apt-get download -q "$name" >>"$scratch/fill.log" 2>&1) || say "note: no package $name"
  done
  for name in "$scratch"/debs/*.deb; do
    [ ! -f "$name" ] || dpkg-deb -x "$name" "$scratch/python"
  done
  "$root/bin/tarscli" -w "$ws" cache import python-packages "$scratch/python/usr/lib/python3/dist-packages" >&2
  python_packages=1
}
