#!/usr/bin/env python3
"""Looks whether a verdict says no to a planted fault, and for the right reason.

verdict_of.py FAULT PLANTED REPORT EXIT   FAULT: honest, reverted, throw, deleted, undefined, or names (prints the broken tests); PLANTED: what plant.py printed;
                                          REPORT: report.json of the run

Prints "red for the right reason" or what is wrong, then the reason with its first place. Exit status 0 if right.
"""

import json
import pathlib
import sys

NEW = ("broken", "newFailures", "unstable", "failsOtherwise")


def place(item):
    return f"{item['path']}:{item['line']}" if item.get("path") else ""


def main():
    fault, planted, report, status = sys.argv[1:]
    places = {f"{p}:{line}" for p, line, _ in (row.split("\t") for row in pathlib.Path(planted).read_text().splitlines())}
    if not pathlib.Path(report).is_file():
        print(f"WRONG: no report, exit {status}")
        return 1
    verdict = json.loads(pathlib.Path(report).read_text()).get("verdict", {})
    gates = [g for g in verdict.get("gates", []) if g["result"] in ("failed", "flaky", "unstable")]
    failures = [f for g in gates for f in g.get("failures", []) if f["kind"] != "stillFailing"]
    printed = [p for g in gates for p in g.get("printed", [])]
    findings = [f for f in verdict.get("findings", []) if f["severity"] == "reject"]
    vanished = [n for g in gates for n in g.get("tests", {}).get("names", {}).get("vanished", [])]
    red = sum(g.get("tests", {}).get(kind, 0) for g in gates for kind in NEW)
    said = [place(i) for i in failures + printed + findings if place(i)]
    reason = "; ".join(g["reason"] for g in gates) or "; ".join(f"{f['rule']}: {f['message']}" for f in findings) or verdict.get("result", "no verdict")
    shown = next((i for i in failures + printed + findings if place(i) in places), next((i for i in failures + printed if place(i)), {}))
    if fault == "names":
        print("\n".join(n for g in gates for n in g.get("tests", {}).get("names", {}).get("broken", [])))
        return 0
    if fault == "honest":
        counts = "; ".join(f"{t['run']} tests, {t['failed']} red, {t['fixed']} fixed, {t['added']} new" for t in (g.get("tests", {}) for g in verdict.get("gates", [])) if t)
        right = verdict.get("result") in ("passed", "unverified") and status == "0"
        print(f"{verdict.get('result')}\t{counts}\t{reason[:200]}\t" if right else f"WRONG, {verdict.get('result')}, exit {status}\t{counts}\t{reason[:300]}\t{json.dumps(shown)[:200]}")
        return 0 if right else 1
    wrong = {
        "reverted": not red and "no report" or "no place" if not (red and said) else "",
        "throw": "no broken test" if not red else "" if said else "no place",  # the line that throws, or the test that sees it
        "deleted": "" if vanished else "the tests that went are not named",
        "undefined": "" if places & set(said) else "not at the planted line",
    }[fault]
    if verdict.get("result") != "failed" or status not in ("10", "11"):
        wrong = f"the verdict is {verdict.get('result')}, exit {status}"
    told = f"{place(shown)}: {shown.get('message', '')}" if shown else "no place"
    print(f"{'WRONG, ' + wrong if wrong else 'red for the right reason'}\t{red} red, {len(vanished)} vanished\t{reason[:160]}\t{told[:160]}")
    return 1 if wrong else 0


sys.exit(main())
