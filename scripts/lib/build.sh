#!/usr/bin/env bash
# Builds the command line without running tests, and notes which Java it was built for.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=common.sh
. "$root/scripts/lib/common.sh"
use_jdk || stop "no JDK $JDK_NEEDED was found" "run scripts/provision"
cd "$root"
if ! mvn -q -o -B -DskipTests -Dspotless.check.skip -pl cli -am package >"$root/.build.log" 2>&1; then
  echo "building tarscli (the first build fetches its dependencies)" >&2
  mvn -q -B -DskipTests -Dspotless.check.skip -pl cli -am package || {
    echo "error: the build failed; see the messages above" >&2
    exit 1
  }
fi
rm -f "$root/.build.log"
printf '%s\n' "$JAVA_HOME" > "$root/cli/target/java-home"
