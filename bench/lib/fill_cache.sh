# Fills and imports the dependency cache that a project needs, on the *parent* commit, in a container
# of its own with network, announced. Nothing of the improvement is in it. Sourced by bench/replay.

fill_cache() {
  local ws=$1 scratch=$2 image=${TARS_SANDBOX_IMAGE:-tars-sandbox:default}
  if [ -f "$ws/pom.xml" ]; then
    local m2=${TARS_REPLAY_M2:-$scratch/m2}
    mkdir -p "$m2" "$scratch/fill"
    cp -a "$ws/." "$scratch/fill/"
    chown -R 65532:65532 "$m2" "$scratch/fill"
    say "filling the Maven cache: a container WITH network, on the parent commit only"
    # -fae and the test goal: plugins and providers that are resolved late are fetched too.
    docker run --rm --label dev.tars.replay=1 --user 65532:65532 --cap-drop ALL \
      --security-opt no-new-privileges -e HOME=/home/tars -e MAVEN_OPTS=-Xmx1g \
      -v "$scratch/fill:/workspace" -v "$m2:/home/tars/.m2/repository" -w /workspace "$image" \
      mvn -B -ntp -fae -Dmaven.test.failure.ignore=true ${TARS_REPLAY_MVN:-} \
      ${TARS_REPLAY_GOALS:-test} >"$scratch/fill.log" 2>&1 ||
      say "note: filling ended with an error; see the end of its log" && tail -3 "$scratch/fill.log" >&2
    "$root/bin/tarscli" -w "$ws" cache import m2 "$m2" >&2
  elif [ -f "$ws/package.json" ]; then
    say "the node policy runs with what the workspace holds; no cache is filled"
  fi
}
