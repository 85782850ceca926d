package dev.tars.runner.validation.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A report of the Test Anything Protocol, versions 12 to 14, with subtests as Node and tap write
 * them: a result that closes subtests is a suite, and counts only where it is redder than they are.
 */
final class TapReport {
  static final String KIND = "tap";
  private static final int LONGEST_LINE = 1 << 16;
  private static final int DEEPEST = 64;
  private static final Pattern RESULT =
      Pattern.compile("(not )?ok\\b(?: +(\\d+))?(?: +- +| +)?(.*)");
  private static final Pattern DIRECTIVE =
      Pattern.compile("(?<!\\\\)#\\s*(skip|todo)\\b.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d{1,9})\\b.*");
  private static final Pattern SUITES_OF_NAMES = Pattern.compile("# Subtest: (.*)");

  private final InventoryBuilder into;
  private final List<Level> levels = new ArrayList<>();
  private final StringBuilder said = new StringBuilder();
  private Pending pending = Pending.NONE;
  private boolean inBlock;

  /** One depth of subtests: results so far, and the name of the subtest that encloses it. */
  private static final class Level {
    private final String name;
    private int results;
    private int red;
    private int planned = -1;

    Level(String name) {
      this.name = name;
    }
  }

  /** A result whose explanation may follow. */
  private record Pending(String name, TestStatus status, boolean test) {
    static final Pending NONE = new Pending("", TestStatus.PASSED, false);
  }

  private TapReport(InventoryBuilder into) {
    this.into = into;
  }

  static void read(InputStream in, InventoryBuilder into) throws IOException {
    TapReport report = new TapReport(into);
    report.levels.add(new Level(""));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), LONGEST_LINE);
    for (String line = Lines.next(lines); line != null; line = Lines.next(lines)) {
      report.line(line);
    }
    report.flush();
    report.leave(0);
    report.planKept(report.levels.getFirst());
  }

  private void line(String line) throws IOException {
    String text = line.stripLeading();
    int indent = line.length() - text.length();
    if (inBlock || text.equals("---")) {
      inBlock = !text.equals("...");
      if (said.length() < TestFailure.LONGEST_TEXT) {
        said.append(text).append('\n');
      }
      return;
    }
    if (indent % 4 == 0 && indent / 4 <= DEEPEST) {
      structure(text, indent / 4);
    }
  }

  private void structure(String text, int depth) throws IOException {
    Matcher subtest = SUITES_OF_NAMES.matcher(text);
    Matcher result = RESULT.matcher(text);
    Matcher plan = PLAN.matcher(text);
    if (text.startsWith("Bail out!")) {
      flush();
      outside("Bail out!", new TestFailure(text, ""));
    } else if (subtest.matches()) {
      flush();
      enter(depth, unescaped(subtest.group(1)));
    } else if (result.matches()) {
      flush();
      result(depth, result);
    } else if (plan.matches() && depth < levels.size()) {
      levels.get(depth).planned = Integer.parseInt(plan.group(1));
    }
  }

  /** The subtest that is named lies below {@code depth}. */
  private void enter(int depth, String name) throws IOException {
    leave(depth);
    while (levels.size() <= depth) {
      levels.add(new Level(""));
    }
    levels.add(new Level(name));
  }

  private void leave(int depth) throws IOException {
    while (levels.size() > depth + 1) {
      planKept(levels.getLast());
      levels.removeLast();
    }
  }

  private void result(int depth, Matcher result) throws IOException {
    while (levels.size() <= depth) {
      levels.add(new Level(""));
    }
    Level below = levels.size() > depth + 1 ? levels.get(depth + 1) : new Level("");
    String rest = result.group(3);
    Matcher directive = DIRECTIVE.matcher(rest);
    boolean excused = directive.find();
    String name = unescaped(excused ? rest.substring(0, directive.start()) : rest).strip();
    boolean red = result.group(1) != null && !excused;
    boolean suite = below.results > 0;
    boolean redder = red && below.red == 0;
    leave(depth);
    Level level = levels.get(depth);
    level.results++;
    level.red += red ? 1 : 0;
    TestStatus status = red ? TestStatus.FAILED : excused ? TestStatus.SKIPPED : TestStatus.PASSED;
    String suites = path(depth);
    if (!suite) {
      pending = new Pending(TestName.of("test", suites, name), status, true);
    } else if (redder) {
      String own = suites.isEmpty() ? name : suites + " > " + name;
      pending = new Pending(TestName.outside(own), TestStatus.ERROR, false);
    }
  }

  /** The names of the suites around a result at a depth. */
  private String path(int depth) {
    return String.join(
        " > ",
        levels.subList(0, depth + 1).stream().map(l -> l.name).filter(n -> !n.isEmpty()).toList());
  }

  /** Adds the last result, now that all of its explanation was read. */
  private void flush() throws IOException {
    if (!pending.name().isEmpty()) {
      String text = said.toString();
      TestFailure failure =
          pending.status().red() ? new TestFailure(TapText.error(text), text) : TestFailure.NONE;
      // A file that Node could not run has no place of a test, but the exit status of its process.
      boolean file = pending.test() && pending.status().red() && text.contains("\nexitCode: ");
      String name = pending.name();
      into.add(
          new TestEntry(
              file ? TestName.notLoaded(name.substring(name.indexOf('#') + 1)) : name,
              pending.status(),
              false,
              failure));
    }
    pending = Pending.NONE;
    said.setLength(0);
  }

  private void planKept(Level level) throws IOException {
    if (level.planned > level.results) {
      String missing = level.planned + " tests were planned, " + level.results + " ran";
      outside(level.name.isEmpty() ? "the run" : level.name, new TestFailure(missing, ""));
    }
  }

  private void outside(String name, TestFailure failure) throws IOException {
    into.add(new TestEntry(TestName.outside(name), TestStatus.ERROR, false, failure));
  }

  private static String unescaped(String name) {
    return name.replace("\\#", "#").replace("\\n", "\n").replace("\\\\", "\\");
  }
}
