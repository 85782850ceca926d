"""The parts of bench/run but for promotion: each is one --only."""

import concurrent.futures
import os
import pathlib
import shutil
import statistics
import subprocess
import time

from measure import GATE_POLICY, IMAGE, ROOT, timed

CRUN_POLICY = GATE_POLICY + "runtime: { runtime: crun }\n"
TEST_POLICY = GATE_POLICY.split("validation:", maxsplit=1)[0] + """  scratch:
    - { id: bench.scratch, paths: ["target/**"] }
testIntegrity:
  paths: ["tests/**"]
  baseline: optional
validation:
  gates:
    - id: unit
      type: TestExecution
      argv: [sh, -c, 'mkdir -p target && cp report target/r.xml']
      reports: ["target/*.xml"]
      minTests: 1
      timeout: 1m
"""
REPORT = '<testsuite tests="1" failures="0" errors="0" skipped="0"><testcase classname="a.B" name="c" time="0.1"/></testsuite>\n'
# What one changed file of 46,000 may cost more than one of 300, in seconds.
MORE = 0.4


def start(bench):
    """Commands that need no container, beside a bare Java."""
    state = bench.scratch / "state"
    java = [bench.java() / "java", "-version"]
    for name, words in (("--help", ["--help"]), ("execute status", ["--state-dir", state, "execute", "status"])):
        command = [ROOT / "bin/tarscli", *words]
        bench.process(command)
        mine, theirs = [], []
        for _ in range(max(bench.pairs, 15)):
            mine.append(timed(lambda: bench.process(command)))
            theirs.append(timed(lambda: bench.process(java)))
        bench.add(name, mine, "java -version", theirs, 6)
        bench.add(name, mine, "0.20 s, on a quiet machine", [0.20], 1)


def dry_run(bench):
    small = bench.workspace("small", 300, 2000)
    bench.improvement(small, "T", "echo x >> d0000/f000000.txt")
    for runtime, policy, target, again in variants(bench):
        run = ["execute", "improvement", "--id", "T", "--policy", policy, "--dry-run"]
        bench.tars(small, *run)
        name = f"dry run, 1 command + 1 gate, {runtime}"
        used = []
        bench.pair(name, lambda _: used.append(bench.tars(small, *run)), "2 x docker run --rm, runc",
                   lambda _: bench.docker_run(2), target)
        bench.note(f"processor time of a run of its own: {statistics.median(used):.2f} s")
        within = bench.in_one_process(
            "Repeat", bench.scratch / "state", policy, "T", max(bench.pairs, 5) + 1, 1, small)["seconds"]
        peers = [timed(lambda: bench.docker_run(2)) for _ in range(bench.pairs)]
        bench.add(f"the second and later in a process, {runtime}", within[1:], "2 x docker run --rm, runc", peers, again)
        bench.note(f"the first in that process: {within[0]:.2f} s, the second {within[1]:.2f} s, the last {within[-1]:.2f} s")


def variants(bench):
    yield "runc", bench.policy, 1.6, 1.6
    if "crun" not in bench.runtimes():
        bench.note("no crun: the engine has none (scripts/provision registers it with an engine that it starts)")
        return
    try:
        bench.docker("run", "--rm", "--network", "none", "--runtime", "crun", IMAGE, "true")
    except subprocess.CalledProcessError as e:
        bench.note(f"no crun: it starts nothing here: {e.stderr.decode(errors='replace').strip()[:300]}")
        return
    yield "crun", bench.write_policy("crun", CRUN_POLICY), 1.2, 0.9


def gate(bench):
    """A change that touches a test: step, before, after, with the original tests."""
    workspace = bench.workspace("gate", 300, 2000)
    (workspace / "tests").mkdir()
    (workspace / "tests/t").write_text("one\n", encoding="utf-8")
    (workspace / "report").write_text(REPORT, encoding="utf-8")
    bench.improvement(workspace, "T", "echo x >> d0000/f000000.txt; echo two > tests/t")
    run = ["execute", "improvement", "--id", "T", "--policy", bench.write_policy("tests", TEST_POLICY), "--dry-run"]
    bench.tars(workspace, *run)

    def ours(i):
        bench.tars(workspace, *run)

    def renew(i):  # another baseline, so that its tests are not known yet
        (workspace / "d0001/f000200.txt").write_text(f"{i}\n", encoding="utf-8")

    mine, theirs = [], []
    for i in range(bench.pairs):
        renew(i)
        mine.append(timed(lambda: ours(i)))
        theirs.append(timed(lambda: bench.docker_run(4)))
    bench.add("test gate with original tests, 4 containers", mine, "4 x docker run --rm", theirs, 1.3)
    again = [timed(lambda: ours(0)) for _ in range(bench.pairs)]
    three = [timed(lambda: bench.docker_run(3)) for _ in range(bench.pairs)]
    bench.add("the same, the baseline's tests known", again, "3 x docker run --rm", three, 1.4)


def at_once(bench):
    """Throughput of many runs at once, beside as many pairs of plain containers, as many at a time."""
    for count, at_a_time in ((10, 10), (50, 50)):
        several = [bench.workspace(f"many-{count}-{i}", 300, 2000) for i in range(min(count, 10))]
        for workspace in several:
            bench.improvement(workspace, "T", "echo x >> d0000/f000000.txt")
            bench.tars(workspace, "execute", "improvement", "--id", "T", "--policy", bench.policy, "--dry-run")
        before = bench.things()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            plain = timed(lambda: list(pool.map(lambda _: bench.docker_run(2), range(count))))
        for label, workspaces in (("one workspace", several[:1]), ("many", several)):
            run = ["execute", "improvement", "--id", "T", "--policy", bench.policy, "--dry-run"]
            times, used = [], []

            def one(i, ws=workspaces):
                begin = time.monotonic()
                used.append(bench.tars(ws[i % len(ws)], *run))
                times.append(time.monotonic() - begin)

            with concurrent.futures.ThreadPoolExecutor(at_a_time) as pool:
                total = timed(lambda: list(pool.map(one, range(count))))
            bench.add(f"{count} at once, processes, {label}", [count / total], "docker run pairs", [count / plain], 0.6,
                      at_least=True, unit="/s")
            bench.note(f"processor time {sum(used):.1f} s, largest process {bench.peak} MiB, "
                       f"fastest {min(times):.2f} s, slowest {max(times):.2f} s, left over {bench.leftovers(before)}")
            inside = bench.in_one_process(
                "Repeat", bench.scratch / "state", bench.policy, "T", count, at_a_time, *workspaces, heap="512m")
            bench.add(f"{count} at once, one process, {label}", [count / inside["total"]], "docker run pairs",
                      [count / plain], 0.85, at_least=True, unit="/s")
            bench.note(f"fastest {min(inside['seconds']):.2f} s, slowest {max(inside['seconds']):.2f} s, "
                       f"left over {bench.leftovers(before)}")


def large(bench):
    run = ["execute", "improvement", "--id", "T", "--policy", bench.policy, "--dry-run"]
    small, big = bench.workspace("beside", 300, 2000), bench.workspace("large", 46_000, 14_000)
    for workspace in (small, big):
        bench.improvement(workspace, "T", "echo x >> d0000/f000000.txt")
        bench.tars(workspace, *run)
    first_staging(bench, small, big, run)
    figures = {"small": [], "large": [], "cp": []}
    out, name = bench.scratch / "out", f"tars-bench-{os.getpid()}"

    def docker_cp():
        bench.docker("create", "--name", name, "--label", "dev.tars.bench=1", IMAGE, "true")
        try:
            bench.docker("cp", f"{big}/.", f"{name}:/opt")
            bench.docker("cp", f"{name}:/opt/.", str(out))
        finally:
            bench.docker("rm", "-f", name)
            shutil.rmtree(out, ignore_errors=True)

    for i in range(bench.pairs):
        for workspace in (small, big):
            with open(workspace / "d0001" / "f000200.txt", "a", encoding="utf-8") as f:
                f.write(f"{i}\n")
            figures["large" if workspace is big else "small"].append(timed(lambda w=workspace: bench.tars(w, *run)))
    figures["cp"].append(timed(docker_cp))
    title = "dry run, 46,000 files, 1 changed"
    beside = statistics.median(figures["small"])
    bench.add(title, figures["large"], "docker cp in and out, once", figures["cp"], 0.2)
    bench.add(title, figures["large"], "the same with 300 files", figures["small"], round((beside + MORE) / beside, 2))
    bench.note(f"{statistics.median(figures['large']) - beside:+.2f} s over 300 files (at most +{MORE}); "
               f"peak memory of tarscli {bench.peak} MiB")
    for file in big.glob("d*/*.txt"):
        with open(file, "a", encoding="utf-8") as f:
            f.write("y\n")
    bench.note(f"dry run after everything changed: {timed(lambda: bench.tars(big, *run)):.2f} s")


def first_staging(bench, small, big, run):
    """A dry run with a state directory that knows nothing, less the same of a small workspace; `cp -a` of the files."""
    mine, theirs = [], []
    for i in range(min(bench.pairs, 3)):
        state, copy = f"first-{i}", bench.scratch / "copy"
        bench.tars(small, *run, state=state)  # the self-test of the box, once a state directory
        little = timed(lambda s=state: bench.tars(small, *run, state=s))
        mine.append(timed(lambda s=state: bench.tars(big, *run, state=s)) - little)
        theirs.append(timed(lambda: subprocess.run(["cp", "-a", big, copy], check=True)))
        shutil.rmtree(copy)
        shutil.rmtree(bench.scratch / state, ignore_errors=True)
    bench.add("first staging of 46,000 files", mine, "cp -a", theirs, 1.8)


def changes(bench):
    """Large change sets: review and patch are linear in time and bounded in memory."""
    cases = (
        ("20,000 files", "mkdir new; seq 20000 | split -l 1 -a 5 - new/"),
        ("1,000,000 lines", "seq 1000000 > lines"),
        ("one file of 2 GiB", "head -c 2147483648 /dev/zero | tr '\\0' a > big"),
    )
    policy = bench.write_policy("wide", GATE_POLICY + "resources: { disk: { default: 8GiB, max: 8GiB } }\n")
    for name, script in cases:
        workspace = bench.workspace("change-" + name.split(maxsplit=1)[0].replace(",", ""), 300, 2000)
        bench.improvement(workspace, "T", script)
        bench.peak = 0
        seconds = timed(lambda: bench.tars(
            workspace, "execute", "improvement", "--id", "T", "--policy", policy, "--dry-run", ok=(0, 10, 11, 12, 16)))
        run_peak = bench.peak
        bench.peak = 0
        shown = timed(lambda: bench.tars(workspace, "execute", "diff", "--context-id", "last", ok=(0, 4, 16, 21)))
        bench.note(f"{name}: dry run {seconds:.1f} s, {run_peak} MiB; diff {shown:.1f} s, {bench.peak} MiB")
        shutil.rmtree(workspace)


def maven(bench):
    """One real test class in the box beside plain docker: TARS_BENCH_MAVEN is a project, TARS_BENCH_M2 its repository."""
    project, repository = os.environ.get("TARS_BENCH_MAVEN"), os.environ.get("TARS_BENCH_M2")
    if not project or not repository:
        bench.note("left out: set TARS_BENCH_MAVEN to a checkout and TARS_BENCH_M2 to a filled ~/.m2/repository")
        return
    test = os.environ.get("TARS_BENCH_TEST", "StringUtilTest")
    workspace = bench.scratch / "maven"
    shutil.copytree(project, workspace, symlinks=True, ignore=shutil.ignore_patterns(".git", "target"))
    argv = ["mvn", "-q", "-B", "-o", "-ntp", "test", f"-Dtest={test}", "-Dsurefire.failIfNoSpecifiedTests=false"]
    policy = bench.write_policy("maven", """apiVersion: tars.dev/policy/v1
kind: PermissionPolicy
metadata: { name: bench-maven }
extends: [{ ref: "builtin:java-maven" }]
""")
    bench.tars(workspace, "cache", "import", "m2", repository)
    bench.tars(workspace, "improve", "create", "--id", "T", "--title", "t", "--", *argv)
    run = ["execute", "improvement", "--id", "T", "--policy", policy, "--dry-run", "--no-validate"]
    bench.tars(workspace, *run)
    options = "-Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1"

    def plain(_):
        copy = bench.scratch / "plain"
        shutil.copytree(workspace, copy, symlinks=True)
        bench.docker("run", "--rm", "--network", "none", "-v", f"{copy}:/w", "-w", "/w", "-e", f"MAVEN_OPTS={options}",
                     "-v", f"{pathlib.Path(repository).resolve()}:/m2:ro", IMAGE, *argv, "-Dmaven.repo.local=/m2")
        shutil.rmtree(copy)

    bench.pair(f"Maven, {test}", lambda _: bench.tars(workspace, *run), "docker run of the same", plain, 1.1)
