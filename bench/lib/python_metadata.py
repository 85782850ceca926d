#!/usr/bin/env python3
"""Makes a Python project look installed, from its files, without running any of it.

python_metadata.py WORKSPACE PACKAGES FACTS ADDED

Writes NAME.dist-info (version, entry points) into PACKAGES, the version files that a build would write into WORKSPACE
(named in ADDED, NUL after each), and into FACTS/pytest-options what pytest must be told about its configuration.
"""

import configparser
import json
import pathlib
import re
import shlex
import sys

import project

# Options of plugins that look at other things than tests, or that only make them faster.
DROPPED = re.compile(r"--(no-)?cov|--numprocesses|--dist|--maxprocesses|--timeout|--benchmark|--mypy|--flake8|--black|--isort|--ruff"
                     r"|--pylint|--pycodestyle|--randomly|--random-order|--reruns|--html|--junit|--strict-config|--durations-min|--typeguard|--codspeed|--xdoc")
IMAGE_PYTEST = (7, 2)


def config(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, configparser.Error):
        pass
    return parser


def text(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def name_and_version(workspace):
    meta = project.pyproject(workspace).get("project", {})
    poetry = project.pyproject(workspace).get("tool", {}).get("poetry", {})
    setup = config(workspace / "setup.cfg")
    cfg = dict(setup["metadata"]) if setup.has_section("metadata") else {}
    setup_py = text(workspace / "setup.py")
    named = re.search(r"""\bname\s*=\s*["']([A-Za-z0-9._-]+)["']""", setup_py)
    name = meta.get("name") or poetry.get("name") or cfg.get("name") or (named and named.group(1)) or workspace.resolve().name
    version = meta.get("version") or poetry.get("version") or cfg.get("version", "")
    if not re.match(r"\d", str(version)):
        stated = re.search(r"""\bversion\s*=\s*["'](\d[^"']*)["']""", setup_py)
        version = stated.group(1) if stated else source_version(workspace) or newest_change(workspace) or "0.0.0"
    return str(name), str(version)


def source_version(workspace):
    for pattern in ("src/*/__init__.py", "src/*/_version.py", "src/*/__about__.py", "*/__init__.py", "*/__about__.py", "*/__version__.py", "*.py"):
        for file in sorted(workspace.glob(pattern)):
            found = re.search(r"""^__version__\s*(?::\s*str\s*)?=\s*["'](\d[^"']*)["']""", text(file), re.M)
            if found:
                return found.group(1)
    return None


def newest_change(workspace):
    for pattern in ("CHANGE*", "HISTORY*", "NEWS*", "docs/change*"):
        for file in sorted(workspace.glob(pattern)):
            found = re.search(r"(?<![\d.])(\d+\.\d+(?:\.\d+)?)(?![\d.])", text(file)[:4000])
            if found:
                return found.group(1)
    return None


def entry_points(workspace):
    meta = project.pyproject(workspace).get("project", {})
    groups = dict(meta.get("entry-points", {}))
    for group, key in (("console_scripts", "scripts"), ("gui_scripts", "gui-scripts")):
        if meta.get(key):
            groups[group] = meta[key]
    lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in groups.items()]
    setup = config(workspace / "setup.cfg")
    if setup.has_section("options.entry_points"):
        lines += [f"[{group}]\n{points.strip()}\n" for group, points in setup["options.entry_points"].items()]
    return "\n".join(lines)


def version_files(workspace):
    tool = project.pyproject(workspace).get("tool", {})
    scm = tool.get("setuptools_scm", {})
    hook = tool.get("hatch", {}).get("build", {}).get("hooks", {}).get("vcs", {})
    named = [scm.get("write_to"), scm.get("version_file"), hook.get("version-file"), tool.get("pdm", {}).get("version", {}).get("write_to"),
             tool.get("setuptools-git-versioning", {}).get("version_file")]
    named += re.findall(r"""["']?(?:write_to|version_file)["']?\s*[:=]\s*["']([^"']+\.py)["']""", text(workspace / "setup.py"))
    return [n for n in named if isinstance(n, str) and re.fullmatch(r"[\w./-]+\.py", n) and ".." not in n and not n.startswith("/")]


def pytest_config(workspace):
    """The first file with pytest's configuration, as pytest looks for it, as a dictionary."""
    if (workspace / "pytest.ini").is_file() or (workspace / ".pytest.ini").is_file():
        found = config(workspace / "pytest.ini")
        return dict(found["pytest"]) if found.has_section("pytest") else {}
    ini = project.pyproject(workspace).get("tool", {}).get("pytest", {})
    if "ini_options" in ini:
        return ini["ini_options"]
    for file, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        found = config(workspace / file)
        if found.has_section(section):
            return dict(found[section])
    # Newer than the image's pytest: its own table. What it means is the same.
    return {k: v for k, v in ini.items() if k != "ini_options"}


def kept_options(addopts):
    words = addopts if isinstance(addopts, list) else shlex.split(str(addopts), comments=False)
    kept, skip = [], False
    for i, word in enumerate(words):
        if skip:
            skip = False
        elif word == "-n" or (DROPPED.match(word) and "=" not in word and i + 1 < len(words) and not words[i + 1].startswith("-")
                              and word not in ("--cov", "--no-cov", "--strict-config", "--flake8", "--black", "--isort", "--ruff", "--mypy")):
            skip = True
        elif not DROPPED.match(word) and not re.match(r"-n\d|-nauto", word):
            kept.append(word)
    return kept


def ini(options, workspace):
    lines = ["[pytest]"]
    for key, value in options.items():
        if key in ("minversion", "required_plugins", "addopts"):
            continue
        if key == "pythonpath":
            value = [str(pathlib.PurePosixPath("/workspace") / v) for v in (value if isinstance(value, list) else str(value).split())]
        if isinstance(value, bool):
            value = str(value).lower()
        lines.append(f"{key} = " + ("\n" + "\n".join("    " + str(v) for v in value) if isinstance(value, list) else str(value).replace("\n", "\n    ")))
    return "\n".join(lines) + "\n"


def main():
    workspace, packages, facts, added = (pathlib.Path(a) for a in sys.argv[1:])
    name, version = name_and_version(workspace)
    info = packages / f"{re.sub(r'[-_.]+', '_', name)}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(entry_points(workspace), encoding="utf-8")
    (info / "RECORD").write_text("", encoding="utf-8")
    for file in version_files(workspace):
        path = workspace / file
        if path.parent.is_dir() and not path.exists():
            parts = ", ".join(re.findall(r"\d+", version)[:3])
            path.write_text(f"__version__ = version = {version!r}\n__version_tuple__ = version_tuple = ({parts},)\n", encoding="utf-8")
            with added.open("ab") as out:
                out.write(file.encode() + b"\0")
    options = pytest_config(workspace)
    argv = []
    if "addopts" in options:
        kept = kept_options(options["addopts"])
        argv = ["-o", "addopts=" + shlex.join(kept)]
    least = tuple(int(n) for n in re.findall(r"\d+", str(options.get("minversion", "")))[:2])
    own_table = "ini_options" not in project.pyproject(workspace).get("tool", {}).get("pytest", {"ini_options": 1})
    if least > IMAGE_PYTEST or options.get("required_plugins") or (own_table and options):
        (packages / "replay-pytest.ini").write_text(ini(options, workspace), encoding="utf-8")
        argv = ["-c", "/opt/python-packages/replay-pytest.ini", "--rootdir=/workspace", *argv]
    (facts / "pytest-options").write_text(json.dumps(argv), encoding="utf-8")


main()
