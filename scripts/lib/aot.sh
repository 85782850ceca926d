# Builds the start-up cache: one recorded run of the common commands. Sourced by scripts/provision.

# Trains on the main command itself, with a state directory that is thrown away. A run without the
# cache is only slower, so a failure here is said and is no error.
warm_start_cache() {
  local target=$root/cli/target jar=$root/cli/target/tarscli.jar
  if [ ! -f "$jar" ] || [ ! -s "$target/java-home" ] || [ ! -f "$target/libraries.jar" ] || [ -n "$(newer_sources "$target/java-home")" ]; then
    say "building tarscli"
    bash "$root/scripts/lib/build.sh"
  fi
  # One jar of the class path that is newer, and the machine does not use the cache.
  if [ -f "$target/tarscli.aot" ] &&
    [ -z "$(find "$jar" "$target/libraries.jar" "$target"/lib/tars-*.jar -newer "$target/tarscli.aot" -print -quit)" ]; then
    return 0
  fi
  say "building the start-up cache of tarscli"
  rm -f "$target/tarscli.aot"
  local scratch
  scratch=$(mktemp -d)
  train_start_cache "$scratch" >"$scratch/log" 2>&1 || true
  if [ -f "$target/tarscli.aot.new" ]; then
    mv "$target/tarscli.aot.new" "$target/tarscli.aot"
  else
    say "note: the start-up cache could not be built; commands take about a second longer"
    tail -5 "$scratch/log" >&2
  fi
  rm -rf "$scratch"
}

# The first source that is newer than the last build, which writes the file: a checkout that was updated is built again.
newer_sources() {
  find "$root/pom.xml" "$root"/*/pom.xml "$root"/{cli,runner,policies}/src/main -newer "$1" -type f -print -quit
}

train_start_cache() {
  local scratch=$1 workspace=$1/workspace
  mkdir -p "$workspace"
  printf 'hello\n' >"$workspace/hello.txt"
  cat >"$scratch/policy.yaml" <<'POLICY'
apiVersion: tars.dev/policy/v1
kind: PermissionPolicy
metadata: { name: training }
extends: [{ ref: "builtin:standard" }]
validation:
  gates:
    - { id: check, type: CommandExecution, argv: ["true"], timeout: 1m }
POLICY
  chmod 600 "$scratch/policy.yaml"
  local tab=$'\t'
  local context="-w$tab$workspace$tab--state-dir$tab$scratch/state"
  cat >"$scratch/commands" <<COMMANDS
--help
execute${tab}--help
execute${tab}improvement${tab}--help
--version
improve${tab}create${tab}-w${tab}$workspace${tab}--id${tab}TRAIN${tab}--title${tab}train${tab}--${tab}sh${tab}-c${tab}echo world >> hello.txt; seq 9 | split -l 1
improve${tab}list${tab}$context
improve${tab}validate${tab}$context${tab}--id${tab}TRAIN
improve${tab}show${tab}$context${tab}--id${tab}TRAIN
execute${tab}improvement${tab}$context${tab}--policy${tab}$scratch/policy.yaml${tab}--id${tab}TRAIN${tab}--dry-run
execute${tab}improvement${tab}$context${tab}--policy${tab}$scratch/policy.yaml${tab}--id${tab}TRAIN${tab}--dry-run${tab}--format${tab}json
execute${tab}improvement${tab}$context${tab}--policy${tab}$scratch/policy.yaml${tab}--id${tab}TRAIN
execute${tab}status${tab}$context
execute${tab}status${tab}$context${tab}--context-id${tab}last
execute${tab}status${tab}$context${tab}--context-id${tab}last${tab}--format${tab}json
execute${tab}diff${tab}$context${tab}--context-id${tab}last
execute${tab}logs${tab}$context${tab}--context-id${tab}last
execute${tab}report${tab}$context${tab}--context-id${tab}last
execute${tab}review${tab}$context${tab}--context-id${tab}last${tab}--approve
audit${tab}show${tab}$context
audit${tab}verify${tab}$context
execute${tab}rollback${tab}$context${tab}--context-id${tab}last${tab}--all
policy${tab}show${tab}$context${tab}--policy${tab}$scratch/policy.yaml
policy${tab}validate${tab}$context${tab}$scratch/policy.yaml
policy${tab}check${tab}write${tab}$context${tab}--policy${tab}$scratch/policy.yaml${tab}hello.txt
doctor${tab}$context
gc${tab}$context${tab}--dry-run
no-such-command
COMMANDS
  # A main class among the options comes before the launcher's own, which it then takes as words.
  # No training data: to replay it at each start takes longer than it saves with the quick compiler.
  TARS_JAVA_OPTS="-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions \
    -XX:-AOTRecordTraining -XX:AOTCacheOutput=$root/cli/target/tarscli.aot.new -cp $root/cli/target/tarscli.jar \
    dev.tars.cli.StartCacheTraining $scratch/commands" "$root/bin/tarscli"
}
