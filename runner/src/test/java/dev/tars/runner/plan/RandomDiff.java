package dev.tars.runner.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A diff that git or diff made of two or more random trees.
 *
 * @param before the tree that it is for
 * @param commit of that tree, for a series
 * @param how the command
 */
record RandomDiff(Map<String, PatchOracle.Entry> before, String commit, String diff, String how) {
  private static final List<String> NAMES =
      List.of(
          "x.txt",
          "src/x.txt",
          "src/y.txt",
          "a/x.txt",
          "b",
          "d/e/f g.txt",
          "m.py",
          "run.sh",
          "q\"t");

  boolean isSeries() {
    return how.startsWith("format-patch");
  }

  /** True if the names in it have no prefix. */
  boolean isPlainNames() {
    return how.startsWith("svn") || (how.contains("--no-prefix") && !how.contains("--src-prefix"));
  }

  static RandomDiff make(PatchOracle oracle, Random random)
      throws IOException, InterruptedException {
    Map<String, PatchOracle.Entry> before = tree(random);
    Map<String, PatchOracle.Entry> after = changed(before, random);
    return switch (random.nextInt(8)) {
      case 0, 1 -> plain(oracle, random, before, after);
      case 2 -> series(oracle, random, before, after);
      default -> git(oracle, random, before, after);
    };
  }

  private static RandomDiff git(
      PatchOracle oracle,
      Random random,
      Map<String, PatchOracle.Entry> before,
      Map<String, PatchOracle.Entry> after)
      throws IOException, InterruptedException {
    String one = tree(oracle, before);
    String two = tree(oracle, after);
    List<String> words = new ArrayList<>(List.of("diff"));
    String[][] choices = {
      {"--binary"},
      {"-M"},
      {"-C", "--find-copies-harder"},
      {"--full-index"},
      {"--no-prefix"},
      {"--function-context"},
      {"-B"},
      {"--irreversible-delete"},
      {"--minimal"},
      {"--src-prefix=i/", "--dst-prefix=w/"},
      {"--inter-hunk-context=3"},
      {"--no-renames"},
      {"-U" + random.nextInt(6)},
      {"--submodule=log"},
      {"--stat", "-p"},
      {"--summary", "-p"}
    };
    for (String[] choice : choices) {
      if (random.nextInt(choice[0].equals("--binary") ? 2 : 5) == 0) {
        words.addAll(List.of(choice));
      }
    }
    words.addAll(List.of(one, two));
    return made(oracle, before, "", words);
  }

  private static RandomDiff series(
      PatchOracle oracle,
      Random random,
      Map<String, PatchOracle.Entry> before,
      Map<String, PatchOracle.Entry> after)
      throws IOException, InterruptedException {
    String first = commit(oracle, tree(oracle, before), Optional.empty());
    String last = commit(oracle, tree(oracle, after), Optional.of(first));
    Map<String, PatchOracle.Entry> tree = after;
    for (int i = random.nextInt(3); i > 0; i--) {
      tree = changed(tree, random);
      last = commit(oracle, tree(oracle, tree), Optional.of(last));
    }
    List<String> words = new ArrayList<>(List.of("format-patch", "--stdout"));
    if (random.nextBoolean()) {
      words.add("--binary");
    }
    words.add(first + ".." + last);
    return made(oracle, before, first, words);
  }

  private static RandomDiff plain(
      PatchOracle oracle,
      Random random,
      Map<String, PatchOracle.Entry> before,
      Map<String, PatchOracle.Entry> after)
      throws IOException, InterruptedException {
    Path one = oracle.place().resolve("a");
    Path two = oracle.place().resolve("b");
    PatchOracle.write(one, before);
    PatchOracle.write(two, after);
    String options =
        (random.nextBoolean() ? "-ru" : "-r -U" + random.nextInt(4))
            + (random.nextBoolean() ? " -N" : "")
            + (random.nextInt(4) == 0 ? " -a" : "");
    List<String> command = new ArrayList<>(List.of("diff"));
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("a", "b"));
    Path out = oracle.place().resolve("plain.diff");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(oracle.place().toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .put("TZ", List.of("UTC", "America/New_York", "Asia/Kolkata").get(random.nextInt(3)));
    int _ = builder.start().waitFor();
    String diff = read(out);
    return switch (random.nextInt(4)) {
      case 0 -> new RandomDiff(before, "", asSubversion(diff), "svn -p0 of " + options);
      case 1 -> new RandomDiff(before, "", asMercurial(diff), "hg of " + options);
      default -> new RandomDiff(before, "", diff, String.join(" ", command));
    };
  }

  /** Without prefixes, each file announced by its name, as {@code svn diff} has it. */
  private static String asSubversion(String diff) {
    return diff.replaceAll(
            "(?m)^diff -\\S+(?: -\\S+)* .*\n--- \"?a/([^\t\n]*)\t.*\n\\+\\+\\+ \"?b/([^\t\n]*)\t.*\n",
            "Index: $1\n" + "=".repeat(67) + "\n--- $1\t(revision 7)\n+++ $1\t(working copy)\n")
        .replaceAll("(?m)^(---|\\+\\+\\+) (.*)\"\t", "$1 $2\t");
  }

  /** With revisions and no times that say anything, as {@code hg diff} has it. */
  private static String asMercurial(String diff) {
    return diff.replaceAll("(?m)^diff -\\S+(?: -\\S+)* a/(.*) b/.*\n", "diff -r 0123456789ab $1\n")
        .replaceAll(
            "(?m)^(---|\\+\\+\\+) (\"?[ab]/[^\t\n]*)\t.*\n",
            "$1 $2\tThu Nov 26 10:00:00 2026 +0000\n");
  }

  private static RandomDiff made(
      PatchOracle oracle, Map<String, PatchOracle.Entry> before, String commit, List<String> words)
      throws IOException, InterruptedException {
    Path out = oracle.place().resolve("made.diff");
    boolean _ = oracle.run(oracle.repository(), Optional.of(out), words.toArray(new String[0]));
    return new RandomDiff(before, commit, read(out), String.join(" ", words));
  }

  private static String tree(PatchOracle oracle, Map<String, PatchOracle.Entry> entries)
      throws IOException, InterruptedException {
    PatchOracle.write(oracle.repository(), entries);
    // git leaves its lock where a damaged mail ends it
    boolean _ = Files.deleteIfExists(oracle.repository().resolve(".git/index.lock"));
    if (!oracle.git(oracle.repository(), "read-tree", "--empty")
        || !oracle.git(oracle.repository(), "add", "-A", "-f")) {
      throw new AssertionError(
          "git cannot take the tree, every diff from here on would be empty: "
              + read(oracle.place().resolve("git-said")));
    }
    String tree = line(oracle, "write-tree");
    if (!tree.matches("[0-9a-f]{40}")) {
      throw new AssertionError("git wrote no tree");
    }
    return tree;
  }

  private static String commit(PatchOracle oracle, String tree, Optional<String> parent)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("commit-tree", "-m", "a commit\n\n---\nOnly words", tree));
    parent.ifPresent(p -> words.addAll(List.of("-p", p)));
    return line(oracle, words.toArray(new String[0]));
  }

  private static String line(PatchOracle oracle, String... words)
      throws IOException, InterruptedException {
    Path out = oracle.place().resolve("line");
    boolean _ = oracle.run(oracle.repository(), Optional.of(out), words);
    return read(out).strip();
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  // ---- trees

  private static Map<String, PatchOracle.Entry> tree(Random random) {
    Map<String, PatchOracle.Entry> tree = new TreeMap<>();
    for (String name : NAMES) {
      if (random.nextInt(3) > 0) {
        tree.put(name, entry(random));
      }
    }
    return tree;
  }

  private static PatchOracle.Entry entry(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> new PatchOracle.Entry("target" + random.nextInt(3), 'l');
      case 1 -> new PatchOracle.Entry("\0\1\2" + random.nextInt(), 'f');
      case 2 -> new PatchOracle.Entry(text(random), 'x');
      case 3 -> new PatchOracle.Entry("", 'f');
      default -> new PatchOracle.Entry(text(random), 'f');
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int lines = random.nextInt(25);
    for (int i = 0; i < lines; i++) {
      text.append(random.nextInt(3) == 0 ? "" : "line " + random.nextInt(9));
      text.append(random.nextInt(20) == 0 ? "\r\n" : "\n");
    }
    return random.nextInt(4) == 0 ? text + "no end" : text.toString();
  }

  private static Map<String, PatchOracle.Entry> changed(
      Map<String, PatchOracle.Entry> tree, Random random) {
    Map<String, PatchOracle.Entry> after = new TreeMap<>(tree);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      PatchOracle.Entry old = after.get(name);
      switch (random.nextInt(7)) {
        case 0 -> after.remove(name);
        case 1 -> {
          String to = NAMES.get(random.nextInt(NAMES.size()));
          if (old != null && !after.containsKey(to)) {
            after.remove(name);
            after.put(to, old.kind() == 'f' ? edited(old, random) : old);
          }
        }
        case 2 -> after.put(name, entry(random));
        case 3 -> {
          if (old != null && old.kind() != 'l') {
            after.put(name, new PatchOracle.Entry(old.content(), old.kind() == 'x' ? 'f' : 'x'));
          }
        }
        default -> {
          if (old != null && old.kind() != 'l') {
            after.put(name, edited(old, random));
          } else {
            after.put(name, entry(random));
          }
        }
      }
    }
    return after;
  }

  private static PatchOracle.Entry edited(PatchOracle.Entry entry, Random random) {
    List<String> lines = new ArrayList<>(List.of(entry.content().split("(?<=\n)")));
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(lines.size() + 1);
      switch (random.nextInt(3)) {
        case 0 -> lines.add(at, "new " + random.nextInt(5) + "\n");
        case 1 -> {
          if (at < lines.size()) {
            lines.remove(at);
          }
        }
        default -> {
          if (at < lines.size()) {
            lines.set(at, "other " + random.nextInt(5) + "\n");
          }
        }
      }
    }
    return new PatchOracle.Entry(String.join("", lines), entry.kind());
  }

  // ---- damage

  /** The diff as an editor, a mail program or a model may hand it on. */
  static String damaged(String diff, Random random) {
    if (diff.isEmpty()) {
      return diff;
    }
    List<String> lines = new ArrayList<>(List.of(diff.split("(?<=\n)")));
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    switch (random.nextInt(13)) {
      case 0 -> {
        return diff.substring(0, random.nextInt(diff.length()));
      }
      case 1 -> lines.remove(at);
      case 2 -> lines.add(at, line);
      case 3 -> lines.set(at, flipped(line, random));
      case 4 -> lines.set(at, line.stripTrailing() + "\n");
      case 5 -> lines.set(at, line.replace("\n", "\r\n"));
      case 6 -> {
        return diff.stripTrailing();
      }
      case 7 -> lines.set(at, line.replaceFirst("[0-9]", String.valueOf(random.nextInt(10))));
      case 8 ->
          lines.add(
              at,
              List.of(
                      "\n",
                      "Only in b: z\n",
                      "-- \n",
                      "text\n",
                      " \n",
                      "+more\n",
                      "index 1..2\n",
                      "new file mode 100644\n")
                  .get(random.nextInt(8)));
      case 9 ->
          lines.set(at, line.replaceFirst("^[-+ ]", List.of("+", "-", " ").get(random.nextInt(3))));
      case 10 -> lines.set(at, line.replace("b/", "a/"));
      case 11 -> {
        return diff + diff;
      }
      default -> lines.add(random.nextInt(lines.size()), lines.get(random.nextInt(lines.size())));
    }
    return String.join("", lines);
  }

  private static String flipped(String line, Random random) {
    int at = random.nextInt(line.length());
    return line.substring(0, at) + (char) (32 + random.nextInt(95)) + line.substring(at + 1);
  }
}
