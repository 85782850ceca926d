#!/usr/bin/env python3
"""The policy with which a replay runs a project's own tests, from the files of its parent commit.

policy_for.py kind WORKSPACE           maven, node, python, or why none of them
policy_for.py policy WORKSPACE FACTS   the policy; FACTS is the folder in which the fill left what it found out

The command is the project's own; what is added is a report that the host can read. Any path may change, as in
--structural: what is looked at is what the tests say before and after, test by test.
"""

import json
import os
import pathlib
import sys

import node_tests
import project

REPORTS = ".tars-reports"
HEAD = """apiVersion: tars.dev/policy/v1
kind: PermissionPolicy
metadata: {{ name: replay-{kind} }}
filesystem:
  default: deny
  read:
    - {{ id: replay.read, paths: ["**"] }}
  write:
    - {{ id: replay.write, paths: ["**"], operations: [create, modify, delete] }}
  scratch:
    - {{ id: replay.scratch, paths: {scratch} }}
  symlinks: {{ create: allow, follow: inside-workspace }}
  limits: {{ filesChanged: 100000, linesAdded: 10000000, linesRemoved: 10000000, fileSize: 512MiB, totalSize: 2GiB, pathLength: 4096 }}
files:
  contentMismatch: allow
  unicode: {{ bidiControls: allow, invisible: allow }}
  secretScan: {{ effect: allow }}
processes:
  default: deny
  allow:
    - {{ id: replay.run, any: true }}
  shell: deny
environment:
  inherit: []
  set: {environment}
resources:
  cpus: 2
  memory: 4GiB
  swap: 0B
  pids: 2048
  disk: 8GiB
  inodes: 1000000
  openFiles: 4096
  output: 64MiB
  wallClock: 3h
runtime:
  engine: docker
  runtime: runc
  tmp: 1GiB
  capabilities: []
  noNewPrivileges: true
  readOnlyRoot: true
  seccomp: strict
  images:
    - {{ id: replay.image, ref: {image} }}
{caches}testIntegrity:
  paths: {tests}
  baseline: optional
  testsMayDisappear: 100000
  skippedMayGrow: 100000
validation:
  cleanRoom: true
  gates:
    - id: unit
      type: {type}
      argv: {argv}
{reports}      timeout: 45m
approval:
  auto: "false"
  selfApproval: allow
"""
ALWAYS = {"CI": "true", "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def policy(kind, argv, reports, scratch, tests, environment, caches):
    lines = "".join(f"  - {{ id: replay.{name}, name: {name}, target: {target} }}\n" for name, target in caches.items())
    return HEAD.format(
        kind=kind, scratch=json.dumps(scratch), environment=json.dumps({**ALWAYS, **environment}),
        image=json.dumps(os.environ.get("TARS_SANDBOX_IMAGE", "tars-sandbox:default")),
        caches="caches:\n" + lines if lines else "", tests=json.dumps(tests), argv=json.dumps(argv),
        type="TestExecution" if reports else "CommandExecution",
        reports=f"      reports: {json.dumps(reports)}\n      minTests: 1\n      maxFailures: 0\n" if reports else "")


def fact(facts, name, otherwise=""):
    file = facts / name
    return file.read_text(encoding="utf-8").strip() if file.is_file() else otherwise


def maven(workspace, facts):
    # Of a module's folder only: a "target" among the sources is one of them.
    modules = sorted({p.parent.relative_to(workspace).as_posix() for p in workspace.glob("**/pom.xml")})
    targets = [("" if m == "." else m + "/") + "target/**" for m in modules if not any(c in m for c in "*?[]{}")]
    argv = ["mvn", "-B", "-o", "-ntp", "-fae", "-Dsurefire.skipAfterFailureCount=0", "-Dfailsafe.skipAfterFailureCount=0", *fact(facts, "maven-flags").split(), *fact(facts, "maven-goal", "test").split()]
    reports = ["**/target/surefire-reports/*.xml", "target/surefire-reports/*.xml"]
    if argv[-1] == "verify":
        reports += ["**/target/failsafe-reports/*.xml", "target/failsafe-reports/*.xml"]
    return policy(
        "maven", argv, reports, targets, ["src/test/**", "**/src/test/**", "src/it/**", "**/src/it/**"],
        {"MAVEN_OPTS": "-Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1"}, {"m2": "/home/tars/.m2/repository"})


def python(workspace, facts):
    roots = [p for p in ("src", "lib", "python") if (workspace / p).is_dir() and not (workspace / p / "__init__.py").exists()] + ["."]
    path = ":".join(f"/workspace/{p}".removesuffix("/.") for p in roots)
    argv = ["python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors",
            *json.loads(fact(facts, "pytest-options", "[]")), "--maxfail=0", f"--junitxml={REPORTS}/junit.xml"]
    return policy(
        "python", argv, [f"{REPORTS}/*.xml"],
        ["**/__pycache__/**", "**/.pytest_cache/**", ".hypothesis/**", "**/.hypothesis/**", f"{REPORTS}/**", ".coverage", ".benchmarks/**"],
        ["tests/**", "test/**", "testing/**", "**/tests/**", "**/test/**", "**/test_*.py", "**/*_test.py"],
        {"PYTHONPATH": path + ":/opt/python-packages", "PYTHONDONTWRITEBYTECODE": "1"},
        {"python-packages": "/opt/python-packages"})


def node(workspace, facts):
    argv, reports = node_tests.gate(project.package_json(workspace))
    return policy(
        "node", argv, [f"{REPORTS}/*.xml"] if reports else [],
        [f"{REPORTS}/**", "coverage/**", ".nyc_output/**", ".tap/**", "node_modules/.cache/**", "node_modules/.vite/**", "node_modules/.vitest/**"],
        ["test/**", "tests/**", "__tests__/**", "spec/**", "**/test/**", "**/tests/**", "**/__tests__/**", "test.js", "test.*.js",
         "**/*.test.*", "**/*.spec.*", "**/*_test.js", "**/test-*.js"],
        {}, {"replay-tools": node_tests.TOOLS})


def main():
    what, workspace, *rest = sys.argv[1:]
    workspace = pathlib.Path(workspace)
    kind = project.kind(workspace)
    if what == "kind":
        print(kind)
    elif kind in ("maven", "python", "node"):
        sys.stdout.write({"maven": maven, "python": python, "node": node}[kind](workspace, pathlib.Path(rest[0])))
    else:
        sys.exit(kind)


main()
