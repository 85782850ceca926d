# Fills and imports the dependency cache that a project needs, on the *parent* commit, in a container
# of its own with network, announced. Nothing of the improvement is in it. Sourced by bench/replay.
# What was found out on the way is left in $facts, for policy_for.py; what is put into the workspace
# beside the tree is named in $added, NUL after each.

# A container that may reach the network: unprivileged, sees a copy of the parent's tree and the cache.
# The host's certificates go in read-only, so that a network with its own authority works.
filling_user=65532:65532
[ "$(id -u)" = 0 ] || filling_user=$(id -u):$(id -g)
give_to_filling_user() { [ "$(id -u)" != 0 ] || chown "$@"; }
filling_container() {
  local copy=$1 cache=$2 target=$3
  shift 3
  local certificates=()
  [ ! -d /etc/ssl/certs ] || certificates=(-v /etc/ssl/certs:/etc/ssl/certs:ro)
  docker run --rm --label dev.tars.replay=1 --user "$filling_user" --cap-drop ALL \
    --security-opt no-new-privileges --memory 4g --pids-limit 2048 -e HOME=/home/tars -e CI=true -e TZ=UTC \
    -e LC_ALL=C.UTF-8 -e "MAVEN_OPTS=-Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1" \
    -e NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "${certificates[@]}" \
    --tmpfs /home/tars:exec,mode=0777 \
    -v "$copy:/workspace" -v "$cache:$target" -w /workspace \
    "${TARS_SANDBOX_IMAGE:-tars-sandbox:default}" timeout "${TARS_REPLAY_FILL_SECONDS:-2400}" "$@"
}

# What Maven, Node or Python say about why, for people.
reason() { grep -aE "$1" "$scratch/fill.log" | head -"${2:-3}" | cut -c1-300 >&2 || true; }

fill_cache() {
  facts=$scratch/facts added=$scratch/added
  mkdir -p "$facts"
  kind=$(python3 "$root/bench/lib/policy_for.py" kind "$ws")
  case $kind in
    maven) fill_maven ;;
    node) fill_node ;;
    python) fill_python ;;
    *) [ -n "$policy" ] || unusable "$kind; name a policy with --policy, or use --structural" ;;
  esac
}

copy_of_parent() {
  rm -rf "$scratch/fill"
  mkdir -p "$scratch/fill"
  cp -a "$ws/." "$scratch/fill/"
  give_to_filling_user -R "$filling_user" "$scratch/fill"
}

# Runs the parent's tests too: providers that are resolved late are fetched only then. The first goal
# after which reports are there is the gate's: some reactors need their jars to find each other, and some
# builds are full of plugins that want a newer Maven; then only what compiles and tests is called.
BARE_GOALS='resources:resources compiler:compile resources:testResources compiler:testCompile surefire:test'
MISSING_JARS='Could not (resolve dependencies|find artifact)|module not found'
fill_maven() {
  local m2=${TARS_REPLAY_M2:-$scratch/m2} goal flags='-Denforcer.skip=true -Dmaven.gitcommitid.skip=true' done='' newer_maven=''
  mkdir -p "$m2" && give_to_filling_user "$filling_user" "$m2"
  copy_of_parent
  # What only looks at the sources, or asks git, is left out, here and in the gate.
  flags="$flags -Drat.skip=true -Dcheckstyle.skip=true -Dspotbugs.skip=true -Dpmd.skip=true -Dcpd.skip=true -Djapicmp.skip=true"
  flags="$flags -Dspotless.check.skip=true -Dlicense.skip=true -Danimal.sniffer.skip=true -Dspring-javaformat.skip=true -Dcyclonedx.skip=true"
  printf '%s\n' "$flags" > "$facts/maven-flags"
  for goal in "${TARS_REPLAY_GOALS:-test}" package verify "$BARE_GOALS"; do
    if [ -n "$newer_maven" ] && [ "$goal" != "$BARE_GOALS" ]; then continue; fi
    say "filling the Maven cache with mvn $goal: a container WITH network, on the parent commit only"
    run_goal "$goal" && done=1
    if [ -z "$done" ]; then without_agent && run_goal "$goal" && done=1; fi
    printf '%s\n' "$goal" > "$facts/maven-goal"
    if [ -n "$done" ] && has_reports; then break; fi
    say "note: mvn $goal on the parent ended with an error, or without a test report:"
    reason '^\[(ERROR|FATAL)\]' 4
    unusable_parent
    # What would fail alike with the next goal is not tried.
    if grep -qaE 'Non-resolvable parent POM|COMPILATION ERROR|Unknown host' "$scratch/fill.log" && ! has_reports; then break; fi
    # Tests ran, and no module misses another's jar: the next goal would end alike.
    if has_reports && ! grep -qaE "$MISSING_JARS" "$scratch/fill.log"; then break; fi
    # More phases have more plugins, not fewer.
    if grep -qa 'requires Maven version' "$scratch/fill.log"; then
      if has_reports; then break; fi
      newer_maven=1
    fi
  done
  has_reports || unusable "no test of the parent commit runs in this image (see above); with --structural its trees can be replayed"
  [ -n "$done" ] || leave_out_modules
  # What says from where a file came would make Maven ask that place again.
  find "$m2" \( -name '_remote.repositories' -o -name '*.lastUpdated' \) -delete
  "$root/bin/tarscli" -w "$ws" cache import m2 "$m2" >&2
}
# What no goal changes: said for what it is.
unusable_parent() {
  local newer='release version [0-9]+ not supported|invalid target release|has been compiled by a more recent version|Fatal error compiling: error: release'
  local older='(Source|Target) option [0-9.]+ is no longer supported|invalid source release: 1\.|source release [0-9.]+ is no longer'
  if grep -qaE '^\[FATAL\] Non-(resolvable|readable) parent POM' "$scratch/fill.log"; then
    if sed -n '/<parent>/,/<\/parent>/p' "$ws/pom.xml" | grep -qa -- '-SNAPSHOT'; then
      unusable "the parent POM of the commit is a snapshot, which no repository keeps; with --structural its trees can be replayed"
    fi
    unusable "the parent POM of the commit cannot be had (see above); with --structural its trees can be replayed"
  fi
  if grep -qaE "$older" "$scratch/fill.log"; then
    unusable "the parent commit is written for a source level that the image's JDK no longer knows: $(grep -aoE "$older[^[]*" "$scratch/fill.log" | head -1)"
  fi
  if grep -qaE "$newer" "$scratch/fill.log"; then
    unusable "the parent commit needs a newer JDK than the image's; with --structural its trees can be replayed"
  fi
}
# Surefire's argLine may name a property that a plugin sets before the tests, as JaCoCo's agent does. Where no such plugin
# was called it is empty; what else the line says is kept.
without_agent() {
  if [[ "$flags" == *-DargLine=* ]] || ! grep -qaE '[@$]\{argLine\}' "$scratch/fill.log"; then return 1; fi
  say "note: no plugin set argLine, which the tests' JVM is started with: it is empty"
  flags="$flags -DargLine="
  printf '%s\n' "$flags" > "$facts/maven-flags"
}
run_goal() {
  local goal=$1
  # shellcheck disable=SC2086
  filling_container "$scratch/fill" "$m2" /home/tars/.m2/repository \
    mvn -B -ntp -fae -Dmaven.test.failure.ignore=true $flags $goal >"$scratch/fill.log" 2>&1
}
# A module that cannot be built here before the change either judges nothing: the gate goes without it.
# What needs it cannot be built then, so it is asked again, a few times.
leave_out_modules() {
  local found modules='' base=$flags
  for _ in 1 2 3 4; do
    found=$(sed -nE 's/^\[ERROR\] Failed to execute goal .* on project ([A-Za-z0-9_.-]+): .*/!:\1/p' "$scratch/fill.log" | sort -u | paste -sd,)
    [ -n "$found" ] || return 0
    modules=${modules:+$modules,}$found
    say "note: modules that the parent commit cannot build here are left out of the gate: $modules"
    flags="$base -pl $modules"
    printf '%s\n' "$flags" > "$facts/maven-flags"
    ! run_goal "$(cat "$facts/maven-goal")" || return 0
  done
}
has_reports() {
  [ -n "$(find "$scratch/fill" -path '*/target/*-reports/TEST-*.xml' -print -quit)" ]
}

fill_node() {
  "$root/bin/tarscli" -w "$ws" cache import replay-tools "$root/bench/lib/tools" >&2
  grep -q '"\(devD\|optionalD\|d\)ependencies"' "$ws/package.json" || return 0
  copy_of_parent
  local npm=${TARS_REPLAY_NPM:-$TARS_CACHE/replay-npm}
  mkdir -p "$npm" && give_to_filling_user "$filling_user" "$npm"
  local install=(npm --cache /opt/npm --ignore-scripts --no-audit --no-fund --engine-strict=false) way ways=()
  # The project's own lock first; else what there was at the time, as near as the registry can tell.
  if [ -f "$ws/package-lock.json" ] || [ -f "$ws/npm-shrinkwrap.json" ]; then ways+=("ci" "ci --legacy-peer-deps"); fi
  ways+=("install --no-package-lock --before=$(g log -1 --format=%cI "$commit")" "install --no-package-lock"
    "install --no-package-lock --legacy-peer-deps")
  for way in "${ways[@]}"; do
    say "filling node_modules with npm $way: a container WITH network, on the parent commit only"
    # shellcheck disable=SC2086
    if filling_container "$scratch/fill" "$npm" /opt/npm "${install[@]}" $way >"$scratch/fill.log" 2>&1; then
      keep_node_modules
      return 0
    fi
    say "note: it ended with an error:"
    reason 'npm (ERR!|error)' 4
    # Nothing can be had from a repository: such dependencies are left out, once.
    if grep -qaE 'syscall spawn git|git dep preparation' "$scratch/fill.log"; then
      python3 "$root/bench/lib/without_git.py" "$scratch/fill/package.json" >&2
    fi
  done
  unusable "the dependencies of the parent commit cannot be had with npm (see above)"
}
keep_node_modules() {
  local found
  (cd "$scratch/fill" && find . -name node_modules -prune -print0) | while IFS= read -r -d '' found; do
    found=${found#./}
    mkdir -p "$ws/$(dirname "$found")"
    [ -e "$ws/$found" ] || { cp -a "$scratch/fill/$found" "$ws/$found" && printf '%s\0' "$found" >> "$added"; }
  done
}

# Of Python's packages only the distribution's can be had: they are unpacked, never installed.
fill_python() {
  local packages=() into=$scratch/python/usr/lib/python3/dist-packages name debs=$TARS_CACHE/replay-debs
  mkdir -p "$debs" "$into"
  if command -v apt-cache >/dev/null; then
    mapfile -t packages < <(python3 "$root/bench/lib/python_packages.py" "$ws")
  fi
  if [ "${#packages[@]}" -gt 0 ]; then
    say "fetching the distribution's packages: ${packages[*]}"
    (cd "$debs" && { apt-get download -q "${packages[@]}" >>"$scratch/fill.log" 2>&1 ||
      for name in "${packages[@]}"; do
        apt-get download -q "$name" >>"$scratch/fill.log" 2>&1 || say "note: no package $name"
      done; })
    for name in "${packages[@]}"; do
      name=$(find "$debs" -name "${name}_*.deb" -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
      [ -z "$name" ] || dpkg-deb -x "$name" "$scratch/python"
    done
  fi
  # As if the project were installed: what it says of itself, and the files that a build writes.
  python3 "$root/bench/lib/python_metadata.py" "$ws" "$into" "$facts" "$added" || say "note: no metadata of the project"
  chmod -R a+rX "$scratch/python"
  "$root/bin/tarscli" -w "$ws" cache import python-packages "$into" >&2
}
