# Parses the files that are listed in "list" and prints one line for each. Runs in a box of its own,
# with nothing but these files; the runner believes nothing that it prints.
#
#   list:    INDEX TAB LANGUAGE            the file is INDEX.a, and INDEX.b what it was before, if any
#   stdout:  INDEX TAB ANSWER TAB LINE TAB COLUMN TAB MESSAGE
#   ANSWER:  ok, bad (the language's own parser says no), odd (it says no, which may be the parser's
#            age), grammar (a tree-sitter grammar says no), old (it was like that before),
#            none (no parser here), late (over time), died
import ast, ctypes, glob, os, re, resource, select, shutil, signal, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
GRAMMARS = "/opt/tars/grammars"
SECONDS_A_FILE = 3  # of a processor, so that a loaded machine loses no file
LONGEST_FILE = 10  # seconds, also for a parser in a process of its own
SECONDS = 50
MEMORY = 1 << 30


class Bad(Exception):
    def __init__(self, line, column, message, answer="bad"):
        super().__init__(message)
        self.line, self.column, self.message, self.answer = line or 0, column or 0, message, answer


class NoParser(Exception):
    pass


def read(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return file.read()


# --- Python -------------------------------------------------------------------------------------

# What other versions of Python read: 2 on the left, newer ones on the right.
OTHER_PYTHON = re.compile(
    rb"^\s*(print\b(?!\s*\()|exec\s+['\"]|raise\s+\w+\s*,|except\s+[\w.]+\s*,)|<>|\b0[0-7]+\b|`|\bur['\"]"
    rb"|^\s*type\s+\w+|^\s*(async\s+)?(def|class)\s+\w+\s*\[|\bt['\"]|\bf['\"]|\bf\"\"\"|^\s*except\*?\s+\w+\s*,"
)


def python(text):
    try:
        compile(text, "file", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as e:
        lines = text.split(b"\n")
        near = lines[e.lineno - 1] if e.lineno and e.lineno <= len(lines) else b""
        message = str(e.msg)
        other = OTHER_PYTHON.search(near) or "f-string" in message or "print" in message or "exec" in message
        raise Bad(e.lineno, e.offset, message, "odd" if other else "bad")
    except (MemoryError, RecursionError):
        raise Bad(0, 0, "is nested too deeply", "odd")
    except ValueError as e:
        raise Bad(0, 0, str(e))


def toml(text):
    try:
        import tomllib
    except ImportError:
        raise NoParser
    try:
        tomllib.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as e:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(e))
        at = (int(found[1]), int(found[2])) if found else (0, 0)
        raise Bad(*at, re.sub(r" \(at .*", "", str(e)) or "is nested too deeply")


# --- Shell --------------------------------------------------------------------------------------


def shell(text):
    first = text.split(b"\n", 1)[0]
    if first.startswith(b"#!") and not re.search(rb"\b(ba|da|a)?sh\b", first):
        raise NoParser
    plain = re.match(rb"#!.*[/ ](da|a)?sh\b", first) is not None
    tool = shutil.which("bash") or (plain and shutil.which("sh"))
    if not tool:
        raise NoParser
    done = subprocess.run(
        [tool] + (["--norc", "--noprofile", "-O", "extglob"] if tool.endswith("bash") else []) + ["-n"],
        input=text, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={"LC_ALL": "C"})
    found = re.search(rb"line (\d+): (?!warning)(.*)", done.stderr)
    if done.returncode != 0 and found:
        raise Bad(int(found[1]), 0, found[2].decode("utf-8", "replace"))


# --- JavaScript ---------------------------------------------------------------------------------


class Node:
    """One process of Node.js, which is asked file by file."""

    process = None

    def ask(self, name, text):
        node = shutil.which("node")
        if not node:
            raise NoParser
        if self.process is None:
            self.process = subprocess.Popen(
                [node, "--no-warnings", "--experimental-vm-modules", "--max-old-space-size=512",
                 os.path.join(HERE, "parse.js")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={})
        self.process.stdin.write(name.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().decode("utf-8", "replace").rstrip("\n").split("\t", 1)
        if len(answer) != 2:
            self.process = None
            raise Bad(0, 0, "the parser ended", "died")
        if answer[0] == "ok":
            return
        # A second opinion: JSX and what is newer than this Node.js is in the grammar.
        try:
            tree("javascript", text)
        except Bad:
            raise Bad(int(answer[0]), 0, answer[1])
        except NoParser:
            raise Bad(int(answer[0]), 0, answer[1], "odd")


NODE = Node()

# --- Grammars -----------------------------------------------------------------------------------


class Point(ctypes.Structure):
    _fields_ = [("row", ctypes.c_uint32), ("column", ctypes.c_uint32)]


class TreeNode(ctypes.Structure):
    _fields_ = [("context", ctypes.c_uint32 * 4), ("id", ctypes.c_void_p), ("tree", ctypes.c_void_p)]


class Cursor(ctypes.Structure):
    _fields_ = [("tree", ctypes.c_void_p), ("id", ctypes.c_void_p), ("context", ctypes.c_uint32 * 3)]


class Grammars:
    def __init__(self):
        core = glob.glob(GRAMMARS + "/*-tree-sitter.so")
        if not core:
            raise NoParser
        self.core = ctypes.CDLL(core[0])
        self.of = {}
        any_, node, cursor = ctypes.c_void_p, TreeNode, ctypes.POINTER(Cursor)
        for name, result, *arguments in [
            ("parser_new", any_), ("parser_set_language", ctypes.c_bool, any_, any_),
            ("parser_parse_string", any_, any_, any_, ctypes.c_char_p, ctypes.c_uint32),
            ("tree_root_node", node, any_), ("tree_delete", None, any_),
            ("node_has_error", ctypes.c_bool, node), ("node_is_error", ctypes.c_bool, node),
            ("node_is_missing", ctypes.c_bool, node), ("node_start_point", Point, node),
            ("node_type", ctypes.c_char_p, node), ("tree_cursor_new", Cursor, node),
            ("tree_cursor_current_node", node, cursor), ("tree_cursor_delete", None, cursor),
            ("tree_cursor_goto_first_child", ctypes.c_bool, cursor),
            ("tree_cursor_goto_next_sibling", ctypes.c_bool, cursor)]:
            function = getattr(self.core, "ts_" + name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def parser(self, language):
        if language not in self.of:
            found = glob.glob(GRAMMARS + "/*-tree-sitter-" + language + ".so")
            if not found:
                raise NoParser
            grammar = getattr(ctypes.CDLL(found[0]), "tree_sitter_" + language)
            grammar.restype = ctypes.c_void_p
            parser = self.parser_new()
            if not self.parser_set_language(parser, grammar()):
                raise NoParser
            self.of[language] = parser
        return self.of[language]

    def check(self, language, text):
        tree = self.parser_parse_string(self.parser(language), None, text, len(text))
        if not tree:
            raise NoParser
        try:
            root = self.tree_root_node(tree)
            if self.node_has_error(root):
                self.first(root)
        finally:
            self.tree_delete(tree)

    def first(self, root):
        """Goes down to the first node that is wrong: only nodes with an error in them are entered."""
        cursor = self.tree_cursor_new(root)
        at = ctypes.byref(cursor)
        try:
            while True:
                node = self.tree_cursor_current_node(at)
                missing = self.node_is_missing(node)
                if missing or self.node_is_error(node):
                    inside = None if missing else self.inside(at)
                    point = self.node_start_point(inside or node)
                    what = "missing " + self.node_type(node).decode() if missing else "unexpected text"
                    raise Bad(point.row + 1, point.column + 1, what, "grammar")
                if self.node_has_error(node) and self.tree_cursor_goto_first_child(at):
                    continue
                if not self.tree_cursor_goto_next_sibling(at):
                    raise Bad(0, 0, "unexpected text", "grammar")
        finally:
            self.tree_cursor_delete(at)

    def inside(self, at):
        """An error that holds others began at one of them, not at the start of the file."""
        if self.tree_cursor_goto_first_child(at):
            while True:
                node = self.tree_cursor_current_node(at)
                if self.node_is_error(node) or self.node_is_missing(node):
                    return node
                if not self.tree_cursor_goto_next_sibling(at):
                    return None
        return None


GRAMMAR = None


def tree(language, text):
    global GRAMMAR
    GRAMMAR = GRAMMAR or Grammars()
    GRAMMAR.check(language, text)


def header(text):
    try:
        tree("c", text)
    except Bad:
        tree("cpp", text)


# --- Order --------------------------------------------------------------------------------------

ENGINES = {
    "python": ("python", lambda name, text: python(text)),
    "toml": ("python", lambda name, text: toml(text)),
    "shell": ("shell", lambda name, text: shell(text)),
    "javascript": ("node", NODE.ask),
    "header": ("tree", lambda name, text: header(text)),
}
for one in ["c", "cpp", "css", "dockerfile", "go", "html", "kotlin", "php", "ruby", "rust", "sql", "tsx", "typescript"]:
    ENGINES[one] = ("tree", lambda name, text, language=one: tree(language, text))
ENGINES["jsx"] = ("tree", lambda name, text: tree("javascript", text))


def answer(index, language):
    parse = ENGINES[language][1]
    try:
        parse(index + ".a", read(index + ".a"))
        return "ok", 0, 0, ""
    except NoParser:
        return "none", 0, 0, ""
    except Bad as bad:
        found = bad
    if os.path.exists(os.path.join(HERE, index + ".b")):
        try:
            parse(index + ".b", read(index + ".b"))
        except Bad:
            return "old", found.line, found.column, found.message
        except NoParser:
            pass
    return found.answer, found.line, found.column, found.message


def line(index, kind, at=0, column=0, message=""):
    shown = "".join(c if c.isprintable() else " " for c in message)[:200]
    return "\t".join([index, kind, str(at), str(column), shown]) + "\n"


LATE = [signal.SIGALRM, signal.SIGPROF]


def timers(processor, clock):
    signal.setitimer(signal.ITIMER_PROF, processor)
    signal.setitimer(signal.ITIMER_REAL, clock)


class Group:
    """The files of one engine, in a process of its own: where it dies, the next one goes on after."""

    def __init__(self, name, files):
        self.name, self.files, self.current, self.pid, self.out, self.rest = name, files, None, 0, -1, b""

    def start(self):
        read_end, write_end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.setpgrp()
            os.close(read_end)
            for late in LATE:
                signal.signal(late, signal.SIG_DFL)
            if self.name != "node":  # it reserves more than it uses
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            for index, language in self.files:
                os.write(write_end, b"\t" + index.encode() + b"\n")
                timers(SECONDS_A_FILE, LONGEST_FILE)
                try:
                    found = answer(index, language)
                except Exception as e:
                    found = ("died", 0, 0, type(e).__name__)
                timers(0, 0)
                os.write(write_end, line(index, *found).encode("utf-8", "replace"))
            os._exit(0)
        os.close(write_end)
        self.out = read_end

    def take(self):
        """True while there is more to come."""
        data = os.read(self.out, 1 << 16)
        if data:
            *lines, self.rest = (self.rest + data).split(b"\n")
            for one in lines:
                if one.startswith(b"\t"):
                    self.current = one[1:].decode()
                else:
                    self.done()
                    sys.stdout.buffer.write(one + b"\n")
            sys.stdout.flush()
            return True
        os.close(self.out)
        _, status = os.waitpid(self.pid, 0)
        self.kill()
        self.rest = b""
        if self.current is not None:
            late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in LATE
            sys.stdout.write(line(self.current, "late" if late else "died"))
            self.done()
        elif self.files:
            self.files = []
        if self.files:
            self.start()
        return bool(self.files)

    def done(self):
        while self.files and self.files.pop(0)[0] != self.current:
            pass
        self.current = None

    def kill(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def main():
    groups = {}
    for entry in read("list").decode().splitlines():
        index, language = entry.split("\t")
        if language in ENGINES:
            name = ENGINES[language][0]
            groups.setdefault(name, Group(name, [])).files.append((index, language))
        else:
            sys.stdout.write(line(index, "none"))
    sys.stdout.flush()
    for group in groups.values():
        group.start()
    end = time.monotonic() + SECONDS
    running = list(groups.values())
    while running and time.monotonic() < end:
        ready, _, _ = select.select([g.out for g in running], [], [], 1)
        for group in [g for g in running if g.out in ready]:
            if not group.take():
                running.remove(group)
    for group in running:
        group.kill()
    sys.stdout.flush()


main()
