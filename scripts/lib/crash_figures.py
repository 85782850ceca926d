#!/usr/bin/env python3
"""Adds up what the crash tests counted and prints it; exits with 1 unless all of it is as it must be.

crash_figures.py FIGURES PASSED JSON   (FIGURES: lines of "name number"; PASSED true|false; JSON yes|no)
"""

import collections
import json
import sys


def main(path, passed, as_json):
    found = collections.Counter()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            name, number = line.rsplit(" ", 1)
            found[name] += int(number)
    races = {n: v for n, v in found.items() if n.startswith("race-")}
    ours = {n: v for n, v in races.items() if "control" not in n}
    apart = {"kills", "tampered", "detected"}
    result = {
        "schema": "tars.crash-test/v1",
        "states": sum(v for n, v in found.items() if n not in races and n not in apart and not n.startswith("kills-")),
        "kills": found["kills"],
        "races": sum(v for n, v in ours.items() if n.endswith("-rounds")),
        "lost": sum(v for n, v in ours.items() if n.endswith("-lost")),
        "controlLost": races.get("race-control-lost", 0),
        "mutants": 0,
        "caught": 0,
        "tampered": found["tampered"],
        "detected": found["detected"],
        "violations": 0 if passed == "true" else 1,
        "seed": 0,
    }
    if as_json == "yes":
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:14} {value}")
    complete = result["states"] and result["kills"] and result["races"] and result["tampered"] and result["controlLost"]
    good = complete and not result["lost"] and not result["violations"] and result["detected"] == result["tampered"]
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
