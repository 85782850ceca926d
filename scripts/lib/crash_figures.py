#!/usr/bin/env python3
"""Adds up what the crash tests counted and prints it; exits with 1 unless all of it is as it must be.

crash_figures.py FIGURES PASSED JSON SEED   (FIGURES: lines of "name number"; PASSED true|false; JSON yes|no)
"""

import collections
import json
import sys


def main(path, passed, as_json, seed):
    found = collections.Counter()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            name, number = line.rsplit(" ", 1)
            found[name] += int(number)

    def ours(end):
        return sum(v for n, v in found.items() if n.startswith("race-") and "control" not in n and n.endswith(end))

    result = {
        "schema": "tars.crash-test/v1",
        "states": found["states"],
        "statesInRecovery": found["states-in-recovery"],
        "kills": found["kills"] + found["process-kills"],
        "stories": sum(v for n, v in found.items() if n.startswith("story ")),
        "races": ours("-rounds"),
        "racesMet": ours("-met"),
        "lost": ours("-lost"),
        "controlLost": found["race-control-lost"],
        "interleavings": found["interleavings"],
        "modelSteps": found["model-steps"],
        "mutants": found["mutants"],
        "caught": found["caught"],
        "diskFailures": sum(v for n, v in found.items() if n.startswith(("promote", "rollback", "fail-"))),
        "fullDiskLevels": found["full-disk-levels"],
        "fullDiskRefused": found["full-disk-refused"],
        "tampered": found["tampered"],
        "detected": found["detected"],
        "violations": found["violations"] + (0 if passed == "true" else 1),
        "seed": int(seed),
    }
    if as_json == "yes":
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:17} {value}")
    must = ["states", "kills", "stories", "races", "controlLost", "interleavings", "mutants", "fullDiskRefused", "tampered"]
    good = all(result[name] for name in must) and not result["lost"] and not result["violations"]
    good = good and result["caught"] == result["mutants"] and result["detected"] == result["tampered"]
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
