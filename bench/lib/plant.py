#!/usr/bin/env python3
"""Plants a fault in a tree, so that a verdict can be seen to say no for the right reason.

plant.py throw TREE TESTS SKIP N    makes a function of a source that is not in SKIP, if there is one, throw; the Nth, from 0
plant.py undefined TREE TESTS ONLY  makes a source of ONLY name what does not exist, when it is loaded or compiled
plant.py without TREE TEST...       deletes the files in which those tests are

TREE is a directory, TESTS a file of the project's test paths as globs, SKIP and ONLY files of paths, one a line. What was
done is printed: the path, the line, and what was planted, tab between. Exit status 1: no place for it.
"""

import ast
import fnmatch
import pathlib
import re
import sys

MARK = "planted"
LANGUAGES = {".py": "python", ".java": "java", ".js": "script", ".mjs": "script", ".cjs": "script", ".ts": "script", ".go": "go"}
NOT_SOURCE = re.compile(r"(^|/)(\.|node_modules/|target/|build/|dist/|docs?/|examples?/|bench\w*/|scripts?/|tools?/|bin/)|(^|/)(setup|conftest|noxfile)\.\w+$|\.config\.|package-info|module-info|\.d\.ts$")
JAVA = re.compile(r"^\s*(?:public|protected|private|static|final|synchronized|\s)*[\w<>\[\], ?.]+\s+(\w+)\([^(){}]*\)(?:\s*throws [\w., ]+)?\s*\{\s*$")
SCRIPT = re.compile(r"^\s*(?:export (?:default )?)?(?:(?:async )?function\*? ?(\w+) ?\([^(){}]*\)|(?:[\w.]+\.)?(\w+) [=:] (?:async )?function ?\w* ?\([^(){}]*\)|(?:const|let|var) (\w+) = (?:async )?\([^(){}]*\) =>|(?:static |async )*(\w+) ?\([^(){}]*\)) \{\s*$")
GO = re.compile(r"^func (?:\([^)]*\) )?(\w+)\(.*\{\s*$")
NO_FUNCTION = {"if", "for", "while", "switch", "catch", "constructor", "function", "return", "else", "try", "synchronized", "new", "main", "init"}
THROWS = {"python": 'raise RuntimeError("%s")', "java": 'if (true) { throw new IllegalStateException("%s"); }',
          "script": "throw new Error('%s')", "go": 'panic("%s")'}


def text(path):
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def is_test(path, patterns):
    return any(fnmatch.fnmatch(path, p.replace("**/", "*")) or fnmatch.fnmatch("/" + path, p.replace("**/", "*/")) for p in patterns)


def sources(tree, patterns):
    for file in sorted(tree.rglob("*")):
        path = file.relative_to(tree).as_posix()
        if file.suffix in LANGUAGES and file.is_file() and not file.is_symlink() and not NOT_SOURCE.search(path):
            yield path, file, is_test(path, patterns)


def python_functions(code):
    try:
        module = ast.parse(code)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            body = node.body[1:] if isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant) else node.body
            if body and body[0].lineno > node.lineno:
                yield node.name, body[0].lineno, " " * body[0].col_offset


def line_functions(code, form):
    for number, line in enumerate(code.splitlines(), 1):
        found = form.match(line)
        name = found and next((g for g in found.groups() if g), "")
        if name and name not in NO_FUNCTION:
            yield name, number + 1, re.match(r"\s*", line).group() + "  "


def functions(file, code):
    language = LANGUAGES[file.suffix]
    if language == "python":
        return python_functions(code)
    return line_functions(code, {"java": JAVA, "script": SCRIPT, "go": GO}[language])


def throw(tree, patterns, skip, number):
    """The functions that tests name, but in as few of their files as can be, come first."""
    files = list(sources(tree, patterns))
    tests = [set(re.findall(r"\w+", text(file))) for _, file, test in files if test]
    found = []
    for path, file, test in files:
        if test:
            continue
        for name, line, indent in functions(file, text(file)):
            named = sum(name in words for words in tests)
            if len(name) > 3 and not name.startswith("__"):
                found.append((named, path, line, name, indent))
    # A project of one file has no other source.
    elsewhere = [f for f in found if f[1] not in skip] or found
    found = sorted([f for f in elsewhere if f[0]] or elsewhere)
    if len(found) <= number:
        sys.exit(1)
    # Spread over the candidates: neighbours are much alike.
    _, path, line, name, indent = found[(number * 7) % len(found)]
    statement = THROWS[LANGUAGES[pathlib.Path(path).suffix]] % MARK
    insert(tree / path, line, indent + statement)
    print(path, line, name, sep="\t")


def insert(file, line, added):
    lines = text(file).split("\n")
    ending = "\r" if lines[0].endswith("\r") else ""
    lines.insert(line - 1, added + ending)
    file.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")


def undefined(tree, patterns, only):
    for path, file, test in sources(tree, patterns):
        if test or path not in only:
            continue
        code, language = text(file), LANGUAGES[file.suffix]
        if language == "python":
            line, added = python_top(code), "undefined_and_planted"
        elif language == "java":
            line = next((n for n, text_ in enumerate(code.splitlines(), 1) if text_.startswith("import ")), 0)
            added = "import undefined.and.Planted;"
        elif language == "go":
            line, added = len(code.splitlines()) + 1, "var _ = undefinedAndPlanted"
        else:
            line = len(code.splitlines()) + 1
            added = "undefinedAndPlanted()"
        if line:
            insert(file, line, added)
            print(path, line, "undefined", sep="\t")
            return
    sys.exit(1)


def python_top(code):
    """Behind the imports of the future and the docstring, so that it parses."""
    last = 0
    for node in ast.parse(code).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) or isinstance(node, ast.ImportFrom) and node.module == "__future__":
            last = node.end_lineno
        else:
            break
    return last + 1


def without(tree, patterns, tests):
    files = [(path, file) for path, file, test in sources(tree, patterns) if test]
    gone = set()
    for name in tests:
        classname, _, method = name.partition("#")
        words = classname.replace(".", "/")
        hits = [p for p, _ in files if words and p.rsplit(".", 1)[0].endswith(words)]
        if not hits:  # pytest adds the class of the test; a suite of JavaScript says nothing of its file
            hits = [p for p, _ in files if words.startswith(p.rsplit(".", 1)[0] + "/") or p in classname]
        titles = [t for t in (method, *classname.split(" > ")) if len(t) > 3]
        hits = hits or [p for p, f in files if titles and titles[0] in text(f)]
        gone.update(hits[:1])
    if not gone:
        sys.exit(1)
    for path in sorted(gone):
        (tree / path).unlink()
        print(path, 0, "deleted", sep="\t")


def lines(file):
    return set(pathlib.Path(file).read_text(encoding="utf-8", errors="surrogateescape").splitlines())


def main():
    what, tree, patterns, *rest = sys.argv[1:]
    tree, patterns = pathlib.Path(tree), lines(patterns)
    if what == "throw":
        throw(tree, patterns, lines(rest[0]), int(rest[1]))
    elif what == "undefined":
        undefined(tree, patterns, lines(rest[0]))
    else:
        without(tree, patterns, rest)


main()
