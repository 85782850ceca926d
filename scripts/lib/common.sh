# Sourced by every script of the project: where things are, how we talk, and the JDK.
# Sets root, TARS_CACHE, TARS_SANDBOX_IMAGE and, where a JDK is there, JAVA_HOME.
# Works under `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
TARS_CACHE=${TARS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/tars}
TARS_SANDBOX_IMAGE=${TARS_SANDBOX_IMAGE:-tars-sandbox:default}
TARS_EGRESS_IMAGE=${TARS_EGRESS_IMAGE:-tars-egress:default}
JDK_NEEDED=25

# Says what is about to happen, before it happens.
say() { printf '==> %s\n' "$*" >&2; }

# Stops: what is wrong, then what to do.
stop() {
  printf 'error: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  = help: %s\n' "$line" >&2; done
  exit 5
}

has() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }

can_install() { is_root && has apt-get; }

# Whether the distribution's archive, as last updated, has a package.
has_candidate() {
  case $(apt-cache policy "$1" 2>/dev/null) in
    *'Candidate: (none)'* | '') return 1 ;;
    *'Candidate: '*) return 0 ;;
    *) return 1 ;;
  esac
}

# Installs packages of the distribution, without recommended ones. Asks nothing, starts no service.
install_packages() {
  local log="$TARS_CACHE/apt.log"
  mkdir -p "$TARS_CACHE"
  if ! has_candidate "$1"; then
    say "apt-get update"
    apt-get update -qq >"$log" 2>&1 || stop "apt-get update failed (log: $log)" "check the network and /etc/apt"
  fi
  say "apt-get install $*"
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" \
    </dev/null >>"$log" 2>&1 || stop "apt-get could not install $* (log: $log)" "tail $log"
}

# The feature version of the JDK in a folder, from its release file; empty if it is none.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  local line
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        line=${line#JAVA_VERSION=\"}
        printf '%s' "${line%%[!0-9]*}"
        return 0
        ;;
    esac
  done <"$1/release"
}

# Exports JAVA_HOME for the first JDK that is new enough: JAVA_HOME, the system's folder, PATH.
use_jdk() {
  local home version on_path=
  if has javac; then
    on_path=$(readlink -f "$(command -v javac)")
    on_path=${on_path%/bin/javac}
  fi
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*"$JDK_NEEDED"* /usr/lib/jvm/* "$on_path"; do
    [ -n "$home" ] || continue
    version=$(jdk_version "$home")
    if [ -n "$version" ] && [ "$version" -ge "$JDK_NEEDED" ]; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  return 1
}

# For scripts that cannot go on without it.
require_java() {
  [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/javac" ] && [ "$(jdk_version "$JAVA_HOME")" -ge "$JDK_NEEDED" ] ||
    stop "no JDK $JDK_NEEDED was found" "run scripts/provision, or set JAVA_HOME"
}

# scripts/provision sees to it that there is one; here we only look.
use_jdk || true
