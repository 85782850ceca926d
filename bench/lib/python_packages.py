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

ALWAYS_THERE = {"python", "pytest", "setuptools", "pip", "wheel", "build", "tox", "coverage", "mypy", "pre-commit"}


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
        data = tomllib.loads(project.read_text(encoding="utf-8"))
        meta = data.get("project", {})
        yield from strings([meta.get("dependencies", []), meta.get("optional-dependencies", {})])
        yield from strings(data.get("dependency-groups", {}))
    setup = workspace / "setup.cfg"
    if setup.is_file():
        config = configparser.ConfigParser(interpolation=None)
        config.read_string(setup.read_text(encoding="utf-8"))
        for section in ("options", "options.extras_require"):
            if config.has_section(section):
                for key, value in config.items(section):
                    if key in ("install_requires", "tests_require") or section.endswith("require"):
                        yield from value.splitlines()
    for file in [*workspace.glob("*requirements*.txt"), *workspace.glob("requirements/*.txt")]:
        yield from file.read_text(encoding="utf-8", errors="replace").splitlines()
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
    for name in sorted({line for line in tree.splitlines() if re.fullmatch(r"python3-[a-z0-9.+-]+", line)}):
        if name not in ("python3-minimal", "python3-distutils", "python3-lib2to3", "python3-pytest"):
            print(name)


main()
