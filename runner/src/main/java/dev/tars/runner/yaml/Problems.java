package dev.tars.runner.yaml;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileProblem;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what is wrong with one or more files, so that one run shows all of it. */
public final class Problems {
  private static final int MAX_SHOWN = 50;
  private static final int MAX_KEPT = 1_000;
  private static final int MAX_LINE = 160;

  private final Set<Problem> found = new LinkedHashSet<>();
  private final Map<String, List<String>> texts = new HashMap<>();
  private final List<String> lines;
  private int more;
  private String lastText = "";
  private int[] lastLine = {};

  /** Problems of several files, each named by {@link #source}. */
  public Problems() {
    this("");
  }

  /** {@code source} is the text of the one file, for the lines that are shown. */
  public Problems(String source) {
    this.lines = source.lines().toList();
  }

  /** Gives the text of a file, for the lines that are shown. */
  public void source(String file, String text) {
    texts.put(file, text.lines().toList());
  }

  /**
   * One thing that is wrong.
   *
   * @param fix what to do about it
   * @param excerpt the line of the file and a caret below the column; empty if there is none
   */
  public record Problem(SourcePosition at, String what, String fix, List<String> excerpt) {
    public Problem {
      excerpt = List.copyOf(excerpt);
    }
  }

  public void add(SourcePosition at, String what, String fix) {
    if (isFull()) {
      more++;
      return;
    }
    found.add(new Problem(at, what, fix, excerpt(at)));
  }

  /** True if no more are kept, so that nobody needs to think about how to fix them. */
  boolean isFull() {
    return found.size() >= MAX_KEPT;
  }

  /** All problems in the order of the files and their lines. */
  public List<Problem> all() {
    return found.stream().sorted(Comparator.comparing(Problem::at)).toList();
  }

  /** How many spaces a line of the source begins with. */
  int indentation(String file, int line) {
    List<String> all = texts.getOrDefault(file, lines);
    String text = line < 1 || line > all.size() ? "" : all.get(line - 1);
    return text.length() - text.stripLeading().length();
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** How many were found. */
  public int count() {
    return found.size() + more;
  }

  /** Throws one exception that holds every problem, each with its line and a caret. */
  public void throwIfAny(FailureCode code) {
    if (found.isEmpty()) {
      return;
    }
    List<Problem> all = all();
    Problem first = all.getFirst();
    RunnerException.Builder error = RunnerException.of(code, first.what()).at(first.at());
    first.excerpt().forEach(error::note);
    for (Problem problem : all.subList(1, Math.min(all.size(), MAX_SHOWN))) {
      error.note(problem.at() + ": " + problem.what() + " (" + problem.fix() + ")");
      problem.excerpt().forEach(error::note);
    }
    if (count() > MAX_SHOWN) {
      error.note((count() - MAX_SHOWN) + " more problems are not shown");
    }
    throw error.problems(all.stream().map(this::described).toList()).help(first.fix());
  }

  private FileProblem described(Problem problem) {
    return new FileProblem(problem.at(), problem.what(), problem.fix(), problem.excerpt());
  }

  private List<String> excerpt(SourcePosition at) {
    List<String> file = texts.getOrDefault(at.file(), lines);
    if (at.line() < 1 || at.line() > file.size() || at.column() < 1) {
      return List.of();
    }
    int[] text = codePoints(file.get(at.line() - 1));
    if (at.column() > text.length + 1) {
      return List.of();
    }
    int from = text.length <= MAX_LINE ? 0 : Math.max(0, at.column() - MAX_LINE / 2);
    int to = Math.min(text.length, from + MAX_LINE);
    String before = shown(text, from, at.column() - 1);
    String cut = from > 0 ? "…" : "";
    return List.of(
        "| " + cut + shown(text, from, to) + (to < text.length ? "…" : ""),
        "| " + " ".repeat(cut.length() + before.length()) + "^");
  }

  /** Many problems of one long line would cost its square. */
  private int[] codePoints(String line) {
    if (lastLine.length != 0 && lastText.equals(line)) {
      return lastLine;
    }
    lastText = line;
    lastLine = line.codePoints().toArray();
    return lastLine;
  }

  private static String shown(int[] text, int from, int to) {
    return Escape.line(new String(text, from, Math.max(0, to - from))).replace('\t', ' ');
  }
}
