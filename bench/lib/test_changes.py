#!/usr/bin/env python3
"""What the tests of a change show of it.

test_changes.py paths POLICY       the policy's testIntegrity paths as git pathspecs
test_changes.py compare OLD NEW    the tests that fail in the JUnit report OLD and pass in NEW
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

SHOWN = 40


def paths(policy):
    found = re.search(r"^testIntegrity:\s*\n(?:\s+.*\n)*?\s+paths:\s*(\[.*?\])", policy.read_text(encoding="utf-8"), re.M)
    for pattern in json.loads(found.group(1)) if found else []:
        print(f":(glob){pattern}")


def results(report):
    tests = {}
    for suite in xml.parse(report).getroot().iter("testsuite"):
        if suite.get("name") != "gates":
            for case in suite.iter("testcase"):
                red = case.find("failure") is not None
                state = "failed" if red else "skipped" if case.find("skipped") is not None else "passed"
                tests[f"{case.get('classname')}#{case.get('name')}"] = state
    return tests


def compare(old, new):
    if not old.is_file() or not new.is_file():
        print("proof: no test report of the old sources with the new tests")
        return
    before, after = results(old), results(new)
    if not before:
        print(f"proof: the new tests do not even build on the old sources; {len(after)} tests ran with the change")
        return
    shown = [t for t, s in after.items() if s == "passed" and before.get(t) == "failed"]
    missing = [t for t, s in after.items() if s == "passed" and t not in before]
    print(f"proof: {len(shown)} tests fail on the old sources and pass on the new")
    for test in shown[:SHOWN]:
        print(f"  failed -> passed  {test}")
    if missing:
        print(f"  {len(missing)} more gave no result on the old sources")


command, *files = sys.argv[1:]
{"paths": paths, "compare": compare}[command](*map(pathlib.Path, files))
