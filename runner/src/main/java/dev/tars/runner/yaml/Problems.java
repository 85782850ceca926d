package dev.tars.runner.yaml;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileProblem;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a file, so that one run shows all of it. */
public final class Problems {
  private static final int MAX_SHOWN = 50;

  private final List<Problem> found = new ArrayList<>();
  private final List<String> lines;

  /** {@code source} is the text of the file, for the lines that are shown. */
  public Problems(String source) {
    this.lines = source.lines().toList();
  }

  /**
   * One thing that is wrong.
   *
   * @param fix what to do about it
   */
  public record Problem(SourcePosition at, String what, String fix) {}

  public void add(SourcePosition at, String what, String fix) {
    found.add(new Problem(at, what, fix));
  }

  /** All problems in the order of the file. */
  public List<Problem> all() {
    return found.stream().sorted(Comparator.comparing(Problem::at)).toList();
  }

  /** How many spaces a line of the source begins with. */
  int indentation(int line) {
    String text = line < 1 || line > lines.size() ? "" : lines.get(line - 1);
    return text.length() - text.stripLeading().length();
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** Throws one exception that holds every problem, each with its line and a caret. */
  public void throwIfAny(FailureCode code) {
    if (found.isEmpty()) {
      return;
    }
    List<Problem> all = all();
    Problem first = all.getFirst();
    RunnerException.Builder error = RunnerException.of(code, first.what()).at(first.at());
    caret(first).forEach(error::note);
    for (Problem problem : all.subList(1, Math.min(all.size(), MAX_SHOWN))) {
      error.note(problem.at() + ": " + problem.what() + " (" + problem.fix() + ")");
    }
    if (all.size() > MAX_SHOWN) {
      error.note((all.size() - MAX_SHOWN) + " more problems are not shown");
    }
    throw error.problems(all.stream().map(this::described).toList()).help(first.fix());
  }

  private FileProblem described(Problem problem) {
    return new FileProblem(problem.at(), problem.what(), problem.fix(), caret(problem));
  }

  /** The line of a problem, and a caret below the column. */
  public List<String> caret(Problem problem) {
    int line = problem.at().line();
    if (line < 1 || line > lines.size() || problem.at().column() < 1) {
      return List.of();
    }
    String text = lines.get(line - 1);
    if (text.length() > 160 || problem.at().column() > text.length() + 1) {
      return List.of();
    }
    return List.of(
        "| " + Escape.line(text),
        "| "
            + " ".repeat(Escape.line(text.substring(0, problem.at().column() - 1)).length())
            + "^");
  }
}
