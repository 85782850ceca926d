#!/usr/bin/env python3
"""Prints the policy with which a replay runs a project's own tests, from the files of its parent commit.

policy_for.py WORKSPACE [--packages]   (--packages: the cache python-packages was imported)

The command is the project's own; what is added is a report that the host can read, where the test runner
can write one. A commit may change its own tests: what they say before and after is shown, test by test.
"""

import json
import pathlib
import shlex
import sys

HEAD = """apiVersion: tars.dev/policy/v1
kind: PermissionPolicy
metadata: {{ name: replay-{name} }}
extends: [{{ ref: "builtin:{base}" }}]
"""
INTEGRITY = """testIntegrity:
  paths: {paths}
  baseline: optional
  testsMayDisappear: 100000
  skippedMayGrow: 100000
"""
REPORT = ".tars-junit.xml"


def gate(argv, reports):
    lines = ["validation:", "  gates:", "    - id: unit"]
    lines.append("      type: " + ("TestExecution" if reports else "CommandExecution"))
    lines.append("      argv: " + json.dumps(argv))
    if reports:
        lines += ["      reports: " + json.dumps(reports), "      minTests: 1"]
    return "\n".join(lines + ["      timeout: 30m", ""])


def maven(_):
    return HEAD.format(name="maven", base="java-maven") + INTEGRITY.format(paths='["**/src/test/**"]')


def python(workspace, packages):
    policy = HEAD.format(name="python", base="python")
    roots = [p for p in ("src", "lib") if (workspace / p).is_dir()] + ["."]
    path = ":".join(f"/workspace/{p}".removesuffix("/.") for p in roots)
    policy += "environment:\n  set: " + json.dumps(
        {"PYTHONPATH": path + ":/opt/python-packages", "PYTHONDONTWRITEBYTECODE": "1"}) + "\n"
    if packages:
        policy += "caches:\n  - { id: replay.packages, name: python-packages, target: /opt/python-packages }\n"
    return policy + INTEGRITY.format(paths='["tests/**", "test/**", "testing/**", "**/tests/**", "**/test_*.py"]')


def without_reporter(words):
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("--reporter", "-R", "--reporter-option", "-O"):
            skip = True
        elif not word.startswith(("--reporter=", "--reporter-option=")):
            kept.append(word)
    return kept


def node_command(package):
    """The argv of the project's unit tests and its report, from the scripts of its package.json."""
    scripts = package.get("scripts", {})
    for name in ("unit", "test:unit", "test-unit", "mocha", "test"):
        for part in scripts.get(name, "").replace("||", "&&").split("&&"):
            try:
                words = shlex.split(part)
            except ValueError:
                continue
            for wrapper in ("c8", "nyc", "borp"):
                if words and words[0] == wrapper and wrapper != "borp":
                    words = [w for w in words[1:] if not w.startswith("--")] if "--" not in words else words[words.index("--") + 1:]
            if words and words[0] in ("mocha", "_mocha"):
                return (["node", "node_modules/mocha/bin/mocha.js", *without_reporter(words[1:]),
                         "--reporter", "xunit", "--reporter-option", "output=" + REPORT], [REPORT])
            if words[:1] == ["node"] and "--test" in words:
                return (["node", "--test-reporter=junit", "--test-reporter-destination=" + REPORT, *words[1:]], [REPORT])
    return ["npm", "test", "--silent"], []


def node(workspace):
    package = json.loads((workspace / "package.json").read_text(encoding="utf-8"))
    argv, reports = node_command(package)
    return (HEAD.format(name="node", base="standard")
            + "filesystem:\n  scratch:\n    - { id: replay.scratch, paths: [\"" + REPORT + "\", \"coverage/**\", \".nyc_output/**\"] }\n"
            + "resources:\n  memory: { default: 4GiB, max: 16GiB }\n"
            + INTEGRITY.format(paths='["test/**", "tests/**", "**/__tests__/**", "**/*.test.*", "**/*.spec.*"]')
            + gate(argv, reports))


def main():
    workspace = pathlib.Path(sys.argv[1])
    if (workspace / "pom.xml").is_file():
        sys.stdout.write(maven(workspace))
    elif (workspace / "package.json").is_file() and not (workspace / "pyproject.toml").is_file():
        sys.stdout.write(node(workspace))
    elif any((workspace / f).is_file() for f in ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini")):
        sys.stdout.write(python(workspace, "--packages" in sys.argv))
    else:
        sys.exit("no pom.xml, package.json or Python project here: name a policy with --policy, or use --structural")


main()
