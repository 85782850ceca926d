"""Sums the JUnit XML reports of all modules. Prints the skipped by name, then the one line."""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def main() -> int:
    root, passed, failed, status = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:5])
    skipped = 0
    reports = sorted(root.glob("**/target/*-reports/TEST-*.xml"))
    for report in reports:
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            name = f"{case.get('classname')}.{case.get('name')}"
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                print(f"FAILED: {name}")
            elif case.find("skipped") is not None:
                skipped += 1
                print(f"SKIPPED: {name}")
            else:
                passed += 1
    if status != 0 and failed == 0:
        print("FAILED: the build itself (see above)")
        failed += 1
    if not reports:
        print("FAILED: no test report was found")
        failed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or skipped else 0


sys.exit(main())
