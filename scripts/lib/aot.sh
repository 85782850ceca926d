# Builds the start-up cache: one recorded run of the common commands. Sourced by scripts/provision.

# Trains on the commands themselves, with a state directory that is thrown away.
warm_start_cache() {
  local target=$root/cli/target jar=$root/cli/target/tarscli.jar
  [ -f "$jar" ] && [ -s "$target/java-home" ] || bash "$root/scripts/lib/build.sh"
  if [ -f "$target/tarscli.aot" ] && [ "$target/tarscli.aot" -nt "$jar" ]; then
    return 0
  fi
  say "building the start-up cache"
  rm -f "$target/tarscli.aot" "$target"/train-*.aotconf
  local scratch
  scratch=$(mktemp -d)
  mkdir -p "$scratch/workspace"
  printf 'hello\n' > "$scratch/workspace/hello.txt"
  train_run "$scratch" >/dev/null 2>&1 || true
  if [ -f "$target/train.aotconf" ]; then
    "$JAVA_HOME/bin/java" -XX:AOTMode=create -XX:AOTConfiguration="$target/train.aotconf" \
      -XX:AOTCache="$target/tarscli.aot.new" -XX:+UseSerialGC -jar "$jar" >/dev/null 2>&1 || true
    [ -f "$target/tarscli.aot.new" ] && mv "$target/tarscli.aot.new" "$target/tarscli.aot"
    rm -f "$target/train.aotconf"
  fi
  rm -rf "$scratch"
}

train_run() {
  local scratch=$1
  "$root/bin/tarscli" improve create -w "$scratch/workspace" --id TRAIN --title train -- true
  cat > "$scratch/policy.yaml" <<'POLICY'
apiVersion: tars.dev/policy/v1
kind: PermissionPolicy
metadata: { name: training }
extends: [{ ref: "builtin:standard" }]
validation:
  cleanRoom: true
  gates:
    - { id: check, type: CommandExecution, argv: ["true"], timeout: 1m }
POLICY
  TARS_JAVA_OPTS="-XX:AOTMode=record -XX:AOTConfiguration=$target/train.aotconf" \
    "$root/bin/tarscli" execute improvement -w "$scratch/workspace" --state-dir "$scratch/state" \
    --policy "$scratch/policy.yaml" --id TRAIN --dry-run
}
