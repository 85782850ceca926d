"""The test commands of a Node project, from the scripts of its package.json, with a report where its runner can
write one. What only looks at the source (lint, types) is left out; what builds before the tests stays."""

import fnmatch
import re
import shlex

TOOLS = "/opt/replay-tools"
LOOKS_ONLY = {
    "eslint", "standard", "standardx", "semistandard", "xo", "prettier", "prettier-standard", "tsd", "biome", "oxlint", "oxfmt",
    "tslint", "jshint", "jscs", "commitlint", "attw", "publint", "karma", "wdio", "not-in-publish", "ls-engines", "evalmd",
    "dtslint", "tstyche", "tsgo", "knip", "nsp", "snyk", "husky", "lefthook", "markdownlint", "markdownlint-cli2", "remark",
    "editorconfig-checker", "check-dts", "size-limit", "bundlesize", "npx-npm", "audit", "codecov", "coveralls", "eclint",
    "in-publish", "auto-changelog", "aud", "flow", "madge", "lockfile-lint", "depcheck", "echo", "true", "exit", "ts-standard",
    "testling", "browserstack-runner", "airtap", "zuul", "playwright", "cypress", "test-exclude", "npmignore", "safe-publish-latest"}
WRAPPERS = {"c8", "nyc", "cross-env", "cross-env-shell", "npx", "env", "dotenv", "time", "exec", "dlx", "bunx"}
TAKES_VALUE = {"--reporter", "-R", "--reporter-option", "--reporter-options", "-O", "--reporters"}
FILE, TAP, BUILD, PLAIN = "file", "tap", "build", "plain"


FAIL_FAST = {"--bail", "-b", "--fail-fast", "--failFast", "--fail-early", "--stop-on-failure"}


def to_the_end(words):
    """Without what stops at the first red test: nothing that stopped early can be compared."""
    kept, skip = [], False
    for word in words:
        if not (skip and re.fullmatch(r"[0-9]+|true", word)) and word.split("=")[0] not in FAIL_FAST:
            kept.append(word)
        skip = word in FAIL_FAST
    return kept


def never_stops(name, versions):
    """What takes back a fail-fast of the tool's own configuration file."""
    since = {"mocha": (6, " --no-bail"), "jest": (24, " --bail=0"), "vitest": (0, " --bail=0"), "ava": (1, " --no-fail-fast"), "tap": (10, " --no-bail")}
    version, option = since.get(name, (0, ""))
    return option if versions.get(name, 0) >= version else ""


def without_reporter(words):
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in TAKES_VALUE:
            skip = True
        elif not word.startswith(tuple(f"{w}=" for w in TAKES_VALUE if w.startswith("--"))):
            kept.append(word)
    return kept


def unwrapped(words):
    """Without wrappers; environment assignments that stand in front are returned beside."""
    env = []
    while words:
        head = re.sub(r"^(\./)?node_modules/\.bin/", "", words[0])
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*=.*", head):
            env.append(words[0])
            words = words[1:]
        elif head in WRAPPERS:
            words = words[1:]
            while words and words[0].startswith("-"):
                # `nyc --reporter lcov mocha`: a value stands where no command can.
                takes = words[0] in ("--reporter", "-r", "--exclude", "-x", "--include", "-n", "--lines", "--branches", "-e", "--extension")
                words = words[2:] if takes and "=" not in words[0] else words[1:]
        elif head == "istanbul" and "--" in words:
            at = words.index("--")
            words = [words[2] if len(words) > 2 and words[1] == "cover" else "true", *words[at + 1:]]
        elif head == "istanbul" and len(words) > 2 and words[1] == "cover":
            words = words[2:]
        else:
            return env, [head, *words[1:]]
    return env, []


def other_scripts(words, scripts):
    """The scripts that a part of a script runs, if it does nothing else. What follows `--` is for the script."""
    if "--" in words and words[0] in ("npm", "yarn", "pnpm"):
        at = words.index("--")
        names = other_scripts(words[:at], scripts)
        if names and len(names) == 1:
            scripts[names[0]] = scripts.get(names[0], "") + " " + shown(words[at + 1:])
        return names
    if words[0] in ("npm", "yarn", "pnpm", "bun"):
        rest = [w for w in words[1:] if not w.startswith("-")]
        if rest[:1] in (["run"], ["run-script"]) and len(rest) > 1:
            return [rest[1]] if rest[1] in scripts else None
        if rest[:1] in (["test"], ["t"]):
            return ["test"]
        if words[0] != "npm" and rest and rest[0] in scripts:
            return [rest[0]]
    if words[0] in ("run-s", "run-p", "npm-run-all", "npm-run-all2"):
        names = []
        for pattern in (w for w in words[1:] if not w.startswith("-")):
            glob = pattern.replace("**", "*")
            names += [n for n in scripts if fnmatch.fnmatch(n, glob)] if "*" in glob else [pattern]
        return names
    return None


def shown(words, written=""):
    """Words for a shell. A pattern that is written without quotes is the shell's to expand, as ever."""
    def one(word):
        plain = re.fullmatch(r"[A-Za-z0-9_./:=@%+,-]+", word)
        pattern = re.fullmatch(r"[A-Za-z0-9_./:=@%+,*?{}!\[\]-]+", word)
        quoted = f"'{word}'" in written or f'"{word}"' in written
        return word if plain or (pattern and written and not quoted) else shlex.quote(word)
    return " ".join(map(one, words))


def classified(env, words, versions, written):
    """(kind, command) of one part of a script."""
    head, rest = words[0], to_the_end(words[1:]) if words[0].rsplit("/", 1)[-1] not in ("bash", "sh") else words[1:]
    version = versions.get("tap", 0)

    def line(words):
        return shown(words, written)

    front = "".join(w + " " for w in (shlex.quote(e) if not re.fullmatch(r"[\w./:=@,-]+", e) else e for e in env))
    name = head.rsplit("/", 1)[-1].removesuffix(".js")
    on = never_stops(name.removeprefix("_"), versions)
    if name in ("mocha", "_mocha"):
        return FILE, front + line(["mocha", *without_reporter(rest)]) + on + " --reporter xunit --reporter-option output=$TARS_REPORT"
    if name == "jest":
        rest = [w for w in rest if not w.startswith("--coverage")]
        return FILE, front + line(["node", f"{TOOLS}/jest.js", *without_reporter(rest)]) + on
    if name == "vitest":
        rest = [w for w in without_reporter(rest) if not w.startswith("--coverage") and w not in ("--ui", "watch", "dev")]
        rest = rest if "run" in rest else ["run", *rest]
        return FILE, front + line(["vitest", *rest]) + on + " --reporter=default --reporter=junit --outputFile.junit=$TARS_REPORT"
    if name == "ava":
        return TAP, front + line(["ava", *[w for w in rest if w not in ("--verbose", "-v", "--tap")]]) + on + " --tap"
    if name == "tap":
        rest = [w for w in without_reporter(rest) if not w.startswith(("--coverage", "--100", "-J", "--cov", "--check-coverage", "--no-check-coverage", "--no-cov"))]
        coverage = "--disable-coverage --allow-empty-coverage" if version >= 18 else "--no-coverage" if version >= 15 else "--no-check-coverage" if version == 14 else ""
        return TAP, front + line(["tap", *rest]) + on + f" --reporter=tap {coverage}".rstrip()
    if name in ("tape", "qunit", "uvu", "zora", "pta", "teenytest"):
        extra = {"qunit": " --reporter tap", "pta": " --reporter=tap"}.get(name, "")
        rest = without_reporter(rest) if name == "qunit" else rest
        return TAP, front + line([name, *[w for w in rest]]) + extra
    if name == "borp":
        rest = [w for w in without_reporter(rest) if not w.startswith(("--coverage", "-C", "--check-coverage"))]
        return FILE, front + line(["borp", *rest]) + " --reporter=junit:$TARS_REPORT"
    if name in ("node", "tsx") and "--test" in rest:
        rest = [w for w in rest if not w.startswith(("--test-reporter", "--test-coverage", "--experimental-test-coverage", "--watch"))]
        return FILE, front + line([head, "--test-reporter=junit", "--test-reporter-destination=RAW", *rest]).replace("RAW", "$TARS_REPORT")
    if name in ("lab", "jasmine", "ts-mocha", "web-test-runner", "mochawesome"):
        return PLAIN, front + line([head, *rest])
    if name in ("node", "ts-node", "tsx", "babel-node", "bash", "sh") and any(re.search(r"(^|/|_|-|\.)(tests?|spec|runner|run-tests|specs)(\b|_|\.|/|-)", w) for w in rest):
        return TAP, front + line([head, *rest])
    return BUILD, front + line([head, *rest])


def parts(text):
    """The commands of a script, in order."""
    return [p.strip() for p in re.split(r"&&|\|\||;|\s\|\s|(?<=\s)&(?=\s)", text) if p.strip()]


def commands(package, name="test", depth=0, seen=None):
    """(kind, command) in the order in which they run."""
    scripts = package.setdefault("scripts", {})
    seen = set() if seen is None else seen
    place = ""
    if depth > 8 or name in seen:
        return []
    seen.add(name)
    versions = {name: major(package, name) for name in ("tap", "mocha", "jest", "vitest", "ava")}
    found = []
    for script in ("pre" + name, name):
        for part in parts(scripts.get(script, "")):
            try:
                env, words = unwrapped(shlex.split(part))
            except ValueError:
                continue
            if words and words[0] in ("pnpm", "yarn", "bun") and len(words) > 1 and other_scripts(words, scripts) is None:
                env, words = unwrapped(words[1:])
            if words[:1] == ["cd"] and len(words) == 2:
                place = f"cd {shlex.quote(words[1])} && "
                continue
            if not words or words[0].rsplit("/", 1)[-1] in LOOKS_ONLY or words[:2] == ["npm", "audit"]:
                continue
            if words[0] == "tsc" and "--noEmit" in words or words[0] == "npm@>=10.2":
                continue
            below = other_scripts(words, scripts)
            if below is not None:
                for other in below:
                    found += commands(package, other, depth + 1, seen)
            else:
                kind, command = classified(env, words, versions, part)
                found.append((kind, place + command))
    return found


def major(package, name):
    """The first number of what a project asks for; 0 if it does not say."""
    for key in ("devDependencies", "dependencies"):
        found = re.search(r"(\d+)", str(package.get(key, {}).get(name, "")))
        if found:
            return int(found.group(1))
    return 0


def gate(package):
    """The argv of the gate and whether it gives reports."""
    scripts = package.get("scripts", {})
    for name in ("test", "unit", "test:unit", "test-unit", "tests-only", "mocha", "test:node", "test-node"):
        if name not in scripts:
            continue
        found = commands(package, name)
        tests = [i for i, (kind, _) in enumerate(found) if kind in (FILE, TAP)]
        if tests:
            work = [c for i, c in enumerate(found) if i <= tests[-1] and c[0] != PLAIN]
            return ["node", f"{TOOLS}/run.js", *[word for pair in work for word in pair]], True
        if any(kind == PLAIN for kind, _ in found):
            return ["npm", "test", "--silent"], False
    return ["npm", "test", "--silent"], False
