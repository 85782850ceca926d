# Finds a running Docker engine, or installs and starts one. Needs common.sh.
# An engine that answers is used as it is: nothing here stops, restarts or configures it.

engine_socket() {
  case ${DOCKER_HOST:-unix:///var/run/docker.sock} in
    unix://*) printf '%s' "${DOCKER_HOST:+${DOCKER_HOST#unix://}}" ;;
    *) stop "DOCKER_HOST=$DOCKER_HOST is not a local engine" \
      "unset DOCKER_HOST, or set it to unix:// and the path of a socket on this machine" ;;
  esac
}

# engine_get PATH: the body of the engine's answer. Fails if there is none, or an error.
engine_get() {
  local socket
  socket=$(engine_socket)
  socket=${socket:-/var/run/docker.sock}
  if has curl; then
    curl -fsS --noproxy '*' --max-time 10 --unix-socket "$socket" "http://docker$1" 2>/dev/null
    return
  fi
  # A bare Debian has no curl, but always this much Perl.
  perl -MIO::Socket::UNIX -e '
    alarm 10;
    my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 7;
    print $s "GET $ARGV[1] HTTP/1.0\r\nHost: docker\r\n\r\n";
    local $/; my ($head, $body) = split /\r\n\r\n/, <$s>, 2;
    exit 22 unless $head =~ m{^HTTP/1\.[01] 200 };
    print $body;' "$socket" "$1" 2>/dev/null
}

engine_answers() { [ "$(engine_get /_ping)" = OK ]; }

# Waits up to $1 seconds for an answer.
engine_comes_up() {
  local i
  for ((i = 0; i < $1 * 5; i++)); do
    engine_answers && return 0
    sleep 0.2
  done
  return 1
}

ensure_engine() {
  engine_socket >/dev/null # stops here, and not in a subshell, if the address is of another machine
  engine_answers && return 0
  local socket
  socket=$(engine_socket)
  if [ -n "$socket" ]; then
    stop "no Docker engine answers at $DOCKER_HOST" "start it, or unset DOCKER_HOST to use the machine's own"
  fi
  if [ -S /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ]; then
    stop "this user may not use the Docker engine" \
      "sudo usermod -aG docker $(id -un), then log in again; or run this as root"
  fi
  if ! is_root; then
    stop "no Docker engine is running, and only root can install or start one" \
      "run as root: apt-get install docker.io iptables && dockerd" \
      "or start a rootless engine and set DOCKER_HOST to its socket"
  fi
  if ! has dockerd; then
    can_install || stop "no Docker engine is installed, and there is no apt-get to install it with" \
      "install Docker 20.10 or newer with this system's package manager, start it, and run this again"
    install_packages docker.io iptables
  fi
  if [ -d /run/systemd/system ]; then
    say "systemctl start docker"
    systemctl start docker || true
  else
    start_engine
  fi
  engine_comes_up 30 && return 0
  if [ -r "$(engine_log)" ]; then tail -5 "$(engine_log)" >&2; fi
  stop "the Docker engine did not come up within 30 s (log: $(engine_log))" \
    "look at the end of that log; an engine needs control groups, and in a container --privileged"
}

engine_log() { printf '/var/log/tars-dockerd.log'; }

# Without a service manager: in the background, in a session of its own, so that it outlives us.
start_engine() {
  local runtimes=()
  if ensure_crun; then runtimes=(--add-runtime "crun=$(command -v crun)"); fi
  say "starting dockerd in the background (log: $(engine_log))"
  has setsid || stop "setsid is missing" "apt-get install util-linux"
  setsid nohup dockerd "${runtimes[@]}" >"$(engine_log)" 2>&1 </dev/null 9>&- &
}

# A container runtime that starts in half the time of runc; only ever registered beside it, and a
# policy names what it uses. An engine that runs already, or that a service manager starts, is its
# owner's to configure. Where both versions of control groups have controllers, crun starts nothing.
ensure_crun() {
  [ -z "$(cat /sys/fs/cgroup/unified/cgroup.controllers 2>/dev/null)" ] || return 1
  has crun && return 0
  can_install && has_candidate crun || return 1
  install_packages crun
  has crun
}
