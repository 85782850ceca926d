# Makes the root file system of the sandbox image with mmdebstrap, from the machine's own package
# sources, and keeps it in the cache. Needs common.sh.
#
# The same packages give the same bytes: fixed times, and no logs, caches, ids or files whose
# content depends on the moment.

ROOTFS_EPOCH=1767225600 # 2026-01-01, as the build's output time

# The suite of this machine, unless TARS_SANDBOX_SUITE names another one of the same archive.
rootfs_suite() {
  local VERSION_CODENAME=
  # shellcheck disable=SC1091
  [ -r /etc/os-release ] && . /etc/os-release
  printf '%s' "${TARS_SANDBOX_SUITE:-$VERSION_CODENAME}"
}

# The newest long-term JDK of the suite, unless TARS_SANDBOX_JDK names a package. Of a foreign suite
# we only know its default.
rootfs_jdk() {
  local version
  if [ -n "${TARS_SANDBOX_JDK:-}" ]; then
    printf '%s' "$TARS_SANDBOX_JDK"
    return
  fi
  if [ -z "${TARS_SANDBOX_SUITE:-}" ]; then
    for version in 25 21 17; do
      if has_candidate "openjdk-$version-jdk-headless"; then
        printf 'openjdk-%s-jdk-headless' "$version"
        return
      fi
    done
  fi
  printf 'default-jdk-headless'
}

rootfs_packages() {
  printf '%s,' "$(rootfs_jdk)" maven python3 python3-pytest python3-setuptools python3-hypothesis \
    python3-pytest-mock nodejs npm
  printf 'tzdata'
}

# What the content depends on, as one word: the suite, the JDK asked for, and this file.
rootfs_recipe() {
  local hash
  hash=$(sha256sum "$root/scripts/lib/rootfs.sh")
  printf '%s-%s%s' "$(rootfs_suite)" "${TARS_SANDBOX_JDK:+$TARS_SANDBOX_JDK-}" "${hash:0:12}"
}

rootfs_file() { printf '%s/sandbox-rootfs-%s.tar' "$TARS_CACHE" "$(rootfs_recipe)"; }

# The machine's sources for the suite, one a line, in whatever form they are configured.
# Archives of other makers are left out: the image holds what the distribution holds.
rootfs_sources() {
  local suite=$1 own=
  # shellcheck disable=SC1091
  own=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v own="$own" -v suite="$suite" '
      $2 == own || index($2, own "-") == 1 {
        sub("^" own, suite, $2)
        line = "deb " $1 " " $2 " " $3
        if (!seen[line]++) print line
      }'
}

# Every keyring that the machine trusts for its archives, in one folder for mmdebstrap.
rootfs_keyrings() {
  local into=$1 file
  mkdir -p "$into"
  for file in /etc/apt/trusted.gpg.d/*.gpg /etc/apt/trusted.gpg.d/*.asc \
    /usr/share/keyrings/*-archive-keyring.gpg /usr/share/keyrings/*-archive-*.gpg \
    $(sed -n 's/^[Ss]igned-[Bb]y: *\(\/[^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null) \
    $(sed -n 's/^deb .*signed-by=\(\/[^] ,]*\).*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null); do
    [ -r "$file" ] && cp -f "$file" "$into/"
  done
  return 0
}

# Proxies and the like, as this machine's apt has them.
rootfs_apt_settings() {
  apt-config dump --format '%F "%v";%n' Acquire |
    grep -E '^Acquire::(https?|ftp|Retries|ForceIPv4|ForceIPv6|Check-Valid-Until|Check-Date|Languages)\b' || true
}

# Runs on the new root as the last step: strips what changes from build to build, and every
# privilege bit. The image keeps no address of an archive and no apt settings of this machine.
# INVARIANT: leaves /tmp and /var/lib/apt to mmdebstrap. It keeps the settings in /tmp that point
# apt-get at the new root; without them its last apt-get calls would empty this machine's lists.
rootfs_strip() {
  cat <<'STRIP'
set -eu
root=$1
rm -rf "$root"/var/log/* "$root"/var/cache/*
rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/etc/apt/apt.conf.d/99mmdebstrap
rm -f "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap "$root"/var/lib/dpkg/*-old "$root"/etc/*- "$root"/etc/.pwd.lock
rm -f "$root"/var/lib/dpkg/lock* "$root"/var/lib/dbus/machine-id "$root"/etc/resolv.conf
: >"$root"/etc/machine-id
printf 'sandbox\n' >"$root"/etc/hostname
# Compiled in passing while packages were installed, and never twice the same; all else is compiled by its package.
rm -rf "$root"/usr/share/python3/debpython/__pycache__ "$root"/usr/lib/python3/dist-packages/_distutils_hack/__pycache__
chroot "$root" python3 -I -B - <<'PYTHON'
# The JDK's certificate store says when each entry was made: give all of them one time, sort them,
# and write the checksum that the format asks for.
import hashlib, struct
name = "/etc/ssl/certs/java/cacerts"
data = open(name, "rb").read()
magic, version, count = struct.unpack(">III", data[:12])
assert (magic, version) == (0xFEEDFEED, 2), "not a JKS file"
at, entries = 12, []
def text():
    global at
    size = struct.unpack(">H", data[at:at + 2])[0]
    at += 2 + size
    return data[at - size - 2:at]
for _ in range(count):
    tag, at = data[at:at + 4], at + 4
    alias = text()
    at += 8
    kind = text()
    size = struct.unpack(">I", data[at:at + 4])[0]
    at += 4 + size
    entries.append(tag + alias + struct.pack(">Q", 1767225600000) + kind + data[at - size - 4:at])
assert len(data) == at + 20, "unexpected content"
out = data[:12] + b"".join(sorted(entries))
key = "changeit".encode("utf-16-be") + b"Mighty Aphrodite"
open(name, "wb").write(out + hashlib.sha1(key + out).digest())
PYTHON
find "$root" -xdev -perm /6000 -exec chmod a-s {} +
STRIP
}

# make_rootfs FILE: writes the tar beside its place and renames it.
make_rootfs() {
  local out=$1 work suite
  suite=$(rootfs_suite)
  [ -n "$suite" ] || stop "this system does not say which suite it is (/etc/os-release)" \
    "build the image from a base of your own: see docs/sandbox-image.md"
  [ -n "$(rootfs_sources "$suite")" ] || apt-get update -qq >/dev/null 2>&1 || true
  [ -n "$(rootfs_sources "$suite")" ] || stop "no package source of $suite is configured" \
    "check /etc/apt/sources.list, then: apt-get update"
  mkdir -p "$(dirname "$out")"
  work=$(mktemp -d)
  chmod 755 "$work" # apt reads the keyrings as a user of its own
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" RETURN
  rootfs_keyrings "$work/keyrings"
  rootfs_strip >"$work/strip"
  # The strip step removes them from the image.
  rootfs_apt_settings >"$work/apt.conf"
  local options=(
    --variant=essential --format=tar "--include=$(rootfs_packages)"
    "--keyring=$work/keyrings" "--aptopt=$work/apt.conf"
    '--dpkgopt=path-exclude=/usr/share/man/*' '--dpkgopt=path-exclude=/usr/share/info/*'
    '--dpkgopt=path-exclude=/usr/share/locale/*' '--dpkgopt=path-exclude=/usr/share/lintian/*'
    '--dpkgopt=path-exclude=/usr/share/doc/*' '--dpkgopt=path-include=/usr/share/doc/*/copyright'
    # The JDK's package links its manual pages from here, also when they are left out.
    '--essential-hook=mkdir -p "$1/usr/share/man/man1"'
    "--customize-hook=sh '$work/strip' \"\$1\""
  )
  if ! rootfs_sources "$suite" |
    SOURCE_DATE_EPOCH=$ROOTFS_EPOCH mmdebstrap "${options[@]}" "$suite" "$work/rootfs.tar" - >"$work/log" 2>&1; then
    cp "$work/log" "$TARS_CACHE/mmdebstrap.log"
    tail -5 "$work/log" >&2
    stop "mmdebstrap failed (log: $TARS_CACHE/mmdebstrap.log)" "check the network and /etc/apt"
  fi
  # Another file system than the cache's: copy beside, then publish in one step.
  cp "$work/rootfs.tar" "$out.part"
  mv "$out.part" "$out"
}
