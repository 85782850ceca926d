"""What kind of project a workspace is, by its files; nothing of it is run."""

import json
import tomllib


def package_json(workspace):
    try:
        found = json.loads((workspace / "package.json").read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def pyproject(workspace):
    try:
        return tomllib.loads((workspace / "pyproject.toml").read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError):
        return {}


def kind(workspace):
    """maven, node, python, or why it is none of them."""
    there = lambda *names: any((workspace / name).is_file() for name in names)
    if there("pom.xml"):
        return "maven"
    data = pyproject(workspace)
    builds = there("setup.py", "setup.cfg") or "project" in data or "build-system" in data or "poetry" in data.get("tool", {})
    tests = "test" in package_json(workspace).get("scripts", {})
    if builds and not (tests and not any(workspace.glob("**/test_*.py"))):
        return "python"
    if there("package.json"):
        return "node"
    if there("pytest.ini", "tox.ini", "pyproject.toml") or any(workspace.glob("**/test_*.py")):
        return "python"
    if there("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"):
        return "a Gradle project: the sandbox image has no Gradle"
    return "neither a pom.xml, a package.json nor a Python project is here"
