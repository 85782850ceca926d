"""The part of bench/run for promotion and rollback."""

import datetime
import json
import os
import shutil
import subprocess

from measure import timed

# How long a promotion waits for writes through files that were open during the swap, in seconds.
GRACE = 0.2


def promotion(bench):
    for count in (10, 1000, 10_000):
        warmed(bench, count)
    command(bench, 1000)


def warmed(bench, count):
    """Ours and the peer in one process, so that the start of Java is in neither."""
    figures = bench.in_one_process("Promotion", count, max(bench.pairs, 100 // count), bench.scratch, heap="160m")
    bench.note(f"peak memory, {count} files: {figures['vmHwmKiB'] // 1024} MiB")
    for name, key in (("promote", "promote"), ("roll back", "rollBack")):
        bench.add(f"{name} {count} files", [figures[key]["seconds"]],
                 "write, sync, rename each", [figures[key]["peerSeconds"]], 1.5)


def command(bench, count):
    """The command as a user starts it, between two of its states, with cold classes."""
    workspace = bench.workspace(f"promote-{count}", 300, 2000)
    bench.improvement(workspace, "T", f"mkdir new; head -c {count * 4096} /dev/zero | tr '\\0' a | split -b 4096 -a 6 -d - new/")
    source = bench.scratch / f"source-{count}"
    source.mkdir()
    for i in range(count):
        (source / str(i)).write_bytes(b"a" * 4096)
    peer = bench.scratch / "peer"

    def copy():
        subprocess.run(["cp", "-r", source, peer], check=True)

    def fsync_each():
        peer.mkdir()
        for i in range(count):
            fd = os.open(peer / f"{i}.new", os.O_CREAT | os.O_WRONLY, 0o644)
            os.write(fd, b"a" * 4096)
            os.close(fd)
        for i in range(count):
            fd = os.open(peer / f"{i}.new", os.O_RDONLY)
            os.fsync(fd)
            os.close(fd)
        for i in range(count):
            os.rename(peer / f"{i}.new", peer / str(i))

    figures = {"promote": [], "roll back": [], "cp": [], "fsync": []}
    for _ in range(bench.pairs):
        bench.tars(workspace, "execute", "improvement", "--id", "T", "--policy", bench.policy, ok=(12,))
        bench.tars(workspace, "execute", "review", "--context-id", "last", "--approve")
        figures["promote"].append(span(bench, "promoting", "promoted"))
        for name, action in (("cp", copy), ("fsync", fsync_each)):
            figures[name].append(timed(action))
            shutil.rmtree(peer)
        bench.tars(workspace, "execute", "rollback", "--context-id", "last", "--all")
        figures["roll back"].append(span(bench, "rolling-back", "rolled-back"))
    for ours in ("promote", "roll back"):
        bench.add(f"{ours} {count} files, command", figures[ours], "cp -r", figures["cp"], 10)
        bench.add(f"{ours} {count} files, command", figures[ours],
                 "write all, fsync all, rename all", figures["fsync"], 1.5)


def span(bench, first, last):
    """Seconds between two states of the newest context, without the grace for late writers."""
    contexts = bench.scratch / "state" / "contexts"
    newest = max(contexts.iterdir(), key=lambda c: int(c.name.removeprefix("CTX-")))
    times = {}
    with open(newest / "events.jsonl", encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if event["type"] == "state":
                times[event["state"]] = datetime.datetime.fromisoformat(event["time"][:26].rstrip("Z") + "+00:00")
    return (times[last] - times[first]).total_seconds() - GRACE
