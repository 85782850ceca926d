#!/usr/bin/env python3
"""Prints the distribution's packages that a Python project asks for, one a line: its own dependencies,
its extras and its test requirements, by name, with all that they depend on.

python_packages.py WORKSPACE
"""

import configparser
import pathlib
import re
import subprocess
import sys
import tomllib

ALWAYS_THERE = {"python", "pytest", "setuptools", "pip", "wheel", "build", "tox", "nox", "coverage", "mypy", "pre-commit", "twine",
                "black", "flake8", "pylint", "isort", "ruff", "sphinx", "furo", "towncrier", "cython", "virtualenv", "codecov"}
MOST = 150
# Groups, extras and requirement files that tests do not need.
NOT_FOR_TESTS = re.compile(r"doc|lint|style|typing|types|mypy|format|release|build|bench|gha|pre-commit|publish", re.I)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def requirements(workspace):
    project = workspace / "pyproject.toml"
    if project.is_file():
        data = tomllib.loads(project.read_text(encoding="utf-8", errors="replace"))
        meta = data.get("project", {})
        yield from strings(meta.get("dependencies", []))
        for groups in (meta.get("optional-dependencies", {}), data.get("dependency-groups", {})):
            yield from strings([found for name, found in groups.items() if not NOT_FOR_TESTS.search(name)])
        tool = data.get("tool", {})
        for found in (tool.get("poetry", {}), *tool.get("poetry", {}).get("group", {}).values()):
            yield from found.get("dependencies", {})
            yield from found.get("dev-dependencies", {})
        yield from strings(tool.get("pdm", {}).get("dev-dependencies", {}))
        for name, environment in tool.get("hatch", {}).get("envs", {}).items():
            if NOT_FOR_TESTS.search(name):
                continue
            yield from strings([environment.get("dependencies", []), environment.get("extra-dependencies", [])])
        yield from strings(tool.get("pytest", {}).get("ini_options", {}).get("required_plugins", []))
    setup = workspace / "setup.cfg"
    if setup.is_file():
        config = configparser.ConfigParser(interpolation=None, strict=False)
        config.read_string(setup.read_text(encoding="utf-8"))
        for section in ("options", "options.extras_require"):
            if config.has_section(section):
                for key, value in config.items(section):
                    if key in ("install_requires", "tests_require") or (section.endswith("require") and not NOT_FOR_TESTS.search(key)):
                        yield from value.splitlines()
    for pattern in ("*requirements*.txt", "requirements/*.txt", "requirements/*.in", "*requirements*.in", "test*/requirements*.txt", "*/requirements*.txt"):
        for file in workspace.glob(pattern):
            if NOT_FOR_TESTS.search(file.relative_to(workspace).as_posix()):
                continue
            yield from file.read_text(encoding="utf-8", errors="replace").splitlines()
    tox = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        tox.read_string((workspace / "tox.ini").read_text(encoding="utf-8", errors="replace"))
    except (OSError, configparser.Error):
        pass
    for section in tox.sections():
        if NOT_FOR_TESTS.search(section):
            continue
        for line in tox[section].get("deps", "").splitlines():
            yield re.sub(r"^\s*(?:[\w,{}!-]+:\s+)?", "", line)
    noxfile = workspace / "noxfile.py"
    if noxfile.is_file():
        for call in re.findall(r"session\.install\(([^)]*)\)", noxfile.read_text(encoding="utf-8", errors="replace")):
            yield from re.findall(r"""["']([A-Za-z][\w.-]*)""", call)
    setup_py = workspace / "setup.py"
    if setup_py.is_file():
        yield from re.findall(r"""["']([A-Za-z][A-Za-z0-9._-]+)\s*(?:[<>=!~\[;][^"']*)?["']""", setup_py.read_text(errors="replace"))


def main():
    names = set()
    for line in requirements(pathlib.Path(sys.argv[1])):
        found = re.match(r"\s*([A-Za-z][A-Za-z0-9._-]*)", line)
        if found:
            names.add(re.sub(r"[._]", "-", found.group(1).lower()))
    wanted = [f"python3-{n.removeprefix('python-')}" for n in sorted(names - ALWAYS_THERE)]
    there = set(subprocess.run(["apt-cache", "pkgnames", "python3-"], capture_output=True, text=True, check=True).stdout.split())
    wanted = [name for name in wanted if name in there]
    if not wanted:
        return
    tree = subprocess.run(
        ["apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks",
         "--no-replaces", "--no-enhances", *wanted], capture_output=True, text=True, check=True).stdout
    found = sorted({line for line in tree.splitlines() if re.fullmatch(r"python3-[a-z0-9.+-]+", line)})
    if len(found) > MOST:  # what is asked for directly, then, and no more
        found = wanted[:MOST]
    for name in found:
        if name not in ("python3-minimal", "python3-distutils", "python3-lib2to3", "python3-pytest"):
            print(name)


main()
