"""What every part of bench/run shares: times of whole processes, pairs, the state of the machine, the history."""

import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
IMAGE = os.environ.get("TARS_SANDBOX_IMAGE", "tars-sandbox:default")
# More of one processor than this used by others, and a figure says nothing.
BUSY = 0.10
# A ratio this much above the median of the last quiet ones is a regression.
WORSE = 1.15
REMEMBERED = 10

GATE_POLICY = """apiVersion: tars.dev/policy/v1
kind: PermissionPolicy
metadata: { name: bench }
extends: [{ ref: "builtin:standard" }]
filesystem:
  limits: { filesChanged: 100000, linesAdded: 10000000, linesRemoved: 10000000, totalSize: 8GiB }
validation:
  gates:
    - { id: check, type: CommandExecution, argv: ["true"], timeout: 1m }
"""


def timed(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def busy(seconds=2.0):
    """The part of one processor that the machine works while we do nothing."""

    def ticks():
        fields = [int(f) for f in pathlib.Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]]
        return sum(fields[:3]) + sum(fields[5:8])  # user, nice, system, irq, softirq, stolen

    before = ticks()
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


class Bench:
    def __init__(self, scratch, pairs):
        self.scratch, self.pairs = scratch, pairs
        self.policy = self.write_policy("policy", GATE_POLICY)
        self.results, self.notes, self.noisy = [], [], []
        self.peak = 0  # of one tarscli, in MiB
        self.part = ""

    def begin(self, part):
        """Looks at the machine before a part: what others do then is in none of our figures, and spoils them."""
        self.part, self.peak = part, 0
        load = busy()
        if load > BUSY:
            self.noisy.append(f"{part}: others used {load:.2f} of a processor")
            print(f"warning: the machine is not quiet ({load:.2f} of a processor is in use): "
                  "ratios are rough and seconds worth nothing", file=sys.stderr)

    def write_policy(self, name, text):
        path = self.scratch / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def tars(self, workspace, *args, ok=(0,), state="state"):
        command = [ROOT / "bin/tarscli", "-w", workspace, "--state-dir", self.scratch / state, "--quiet", *args]
        return self.process(command, ok)

    def process(self, command, ok=(0,)):
        """Runs a command to its end; its processor seconds."""
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.peak = max(self.peak, usage.ru_maxrss // 1024)
            if process.returncode not in ok:
                said.seek(0)
                sys.exit(f"{command}: exit {process.returncode}\n{said.read().decode(errors='replace')}")
        return usage.ru_utime + usage.ru_stime

    def docker(self, *args):
        subprocess.run(["docker", *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def docker_run(self, times):
        for _ in range(times):
            self.docker("run", "--rm", "--network", "none", IMAGE, "true")

    def runtimes(self):
        said = subprocess.run(["docker", "info", "--format", "{{json .Runtimes}}"], capture_output=True, check=True)
        return set(json.loads(said.stdout))

    def pair(self, name, ours, peer_name, peer, target):
        """One after the other, again and again, so that both meet the same machine."""
        mine, theirs = [], []
        for i in range(self.pairs):
            mine.append(timed(lambda: ours(i)))
            theirs.append(timed(lambda: peer(i)))
        self.add(name, mine, peer_name, theirs, target)

    def add(self, name, mine, peer_name, theirs, target, at_least=False, unit="s"):
        value, peer = statistics.median(mine), statistics.median(theirs)
        ratio = round(value / peer, 3)
        met = ratio >= target if at_least else ratio <= target
        self.results.append(
            {"part": self.part, "name": name, "seconds": round(value, 4), "peer": peer_name,
             "peerSeconds": round(peer, 4), "ratio": ratio, "target": target, "atLeast": at_least, "met": met})
        sign = "≥" if at_least else "≤"
        print(f"{name:44} {value:8.3f} {unit}  {peer_name:32} {peer:8.3f} {unit}  ratio {ratio:5.2f}"
              f"  target {sign} {target}{'' if met else '  MISSED'}", file=sys.stderr)

    def note(self, text):
        self.notes.append(f"{self.part}: {text}")
        print(f"  {text}", file=sys.stderr)

    def workspace(self, name, files, size):
        path = self.scratch / name
        for i in range(files):
            directory = path / f"d{i // 200:04d}"
            directory.mkdir(parents=True, exist_ok=True)
            (directory / f"f{i:06d}.txt").write_bytes(os.urandom(size // 2).hex().encode())
        return path

    def improvement(self, workspace, name, script):
        self.tars(workspace, "improve", "create", "--id", name, "--title", name, "--", "sh", "-c", script)

    def java(self):
        home = (ROOT / "cli/target/java-home").read_text(encoding="utf-8").strip()
        return pathlib.Path(home) / "bin"

    def in_one_process(self, source, *args, heap="256m"):
        """What a program of bench/ prints, on the class path of the command line."""
        classes = self.scratch / "classes"
        path = f"{ROOT}/cli/target/tarscli.jar:{ROOT}/cli/target/lib/*"
        if not (classes / f"{source}.class").is_file():  # else the compiler's memory would be in ours
            subprocess.run([self.java() / "javac", "-cp", path, "-d", classes, ROOT / f"bench/{source}.java"], check=True)
        done = subprocess.run(
            [self.java() / "java", "-XX:+UseSerialGC", f"-Xmx{heap}", "--enable-native-access=ALL-UNNAMED",
             "--sun-misc-unsafe-memory-access=allow", "-cp", f"{classes}:{path}", source, *map(str, args)],
            stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def leftovers(self, before):
        """Containers and volumes of ours that were not there before."""
        return len(self.things() - before)

    def things(self):
        found = set()
        for kind in (["ps", "-aq"], ["volume", "ls", "-q"]):
            said = subprocess.run(
                ["docker", *kind, "--filter", "label=dev.tars.state-dir"], capture_output=True, text=True, check=True)
            found.update(said.stdout.split())
        return found


def machine():
    cpu = ""
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    return f"{os.cpu_count()} x {cpu or platform.machine()}"


def remember(file, bench):
    """Adds a line to the history, and says what is worse than the last quiet ones of such a machine."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = []
    if file.is_file():
        before = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    known = {}
    for entry in before:
        if entry["quiet"] and entry["machine"] == machine():
            for result in entry["results"]:
                known.setdefault((result["name"], result["peer"]), []).append(result["ratio"])
    worse = []
    for result in bench.results:
        ratios = known.get((result["name"], result["peer"]), [])[-REMEMBERED:]
        if not ratios:
            continue
        usual = statistics.median(ratios)
        at_least = result["atLeast"]
        if (result["ratio"] * WORSE < usual) if at_least else (result["ratio"] > usual * WORSE):
            worse.append(f"{result['name']}: ratio {result['ratio']} beside {result['peer']}, {usual} before")
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    entry = {"schema": "tars.bench-history/v1", "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
             "commit": commit.stdout.strip(), "machine": machine(), "quiet": not bench.noisy, "results": bench.results}
    with open(file, "a", encoding="utf-8") as out:
        out.write(json.dumps(entry) + "\n")
    return worse
